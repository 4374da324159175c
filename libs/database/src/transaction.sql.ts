// Begins and ends transactions. Each function returns the client's own query, so that its deadline can be tracked.
import type { PendingQuery, Row, Sql } from 'postgres';

/** Opens the client's connection if it has none. */
export function openConnection(client: Sql): PendingQuery<Row[]> {
  return client`select`;
}

export function begin(session: Sql): PendingQuery<Row[]> {
  return session`begin`;
}

export function commit(session: Sql): PendingQuery<Row[]> {
  return session`commit`;
}

export function rollback(session: Sql): PendingQuery<Row[]> {
  return session`rollback`;
}
