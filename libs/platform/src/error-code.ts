// Errors of Node and of libraries say what they are by `code`.

/** Looks instead of asking `instanceof`: an error may come from another realm. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
