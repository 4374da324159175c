// Redacts error messages for the health of a process.

/** PostgreSQL quotes values in its messages, so of its errors only the code is shown. */
export function redactError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== 'PostgresError') return error.message;
  return `PostgreSQL answers ${'code' in error ? String(error.code) : 'an error'}`;
}
