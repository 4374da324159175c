// Why the embedded PostgreSQL cannot be started, as one sentence with the cure.
export class CannotStartPostgres extends Error {
  override readonly name = 'CannotStartPostgres';
}
