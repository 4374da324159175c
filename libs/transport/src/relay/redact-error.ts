// What of a failure may be shown to whoever looks at the health of a process.

/** PostgreSQL quotes in its messages what it was given; of those only the code is told. */
export function redactError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== 'PostgresError') return error.message;
  return `PostgreSQL answers ${'code' in error ? String(error.code) : 'an error'}`;
}
