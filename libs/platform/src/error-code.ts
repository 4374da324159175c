// Reads the `code` by which Node and libraries classify their errors.

/** Duck-typed, not `instanceof`: an error may come from another realm (jest's, a worker's). */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
