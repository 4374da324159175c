// Why the embedded PostgreSQL cannot be started, as one sentence with the remedy.
export class CannotStartPostgres extends Error {
  override readonly name = 'CannotStartPostgres';
}
