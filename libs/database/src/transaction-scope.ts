// Wraps a reserved connection so that no statement runs outside its transaction and none waits forever.
import type { ReservedSql, Sql } from 'postgres';
import { redirectStatements, type Statement } from './statement.js';

/** The connection was lost. Earlier commits are kept; the outcome of a commit in flight is unknown. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  /** The code that the client uses too, so that one check finds both. */
  readonly code = 'CONNECTION_CLOSED';
  constructor() {
    super('the connection to the database was lost');
  }
}

/**
 * postgres 3.4.9 goes on using a reserved connection after it was lost: a statement then crashes the process, waits
 * forever, or, once the client has reconnected, runs outside its transaction. So each statement passes here when it is
 * sent: once the scope is closed it is rejected, and statements in flight when the connection is lost are rejected too.
 */
export class TransactionScope {
  #closed: Error | null = null;
  readonly #inFlight = new Set<Statement>();

  close(reason: Error): void {
    this.#closed ??= reason;
    for (const statement of this.#inFlight) statement.reject(reason);
    this.#inFlight.clear();
  }

  /** The same tagged-template function, with each statement passing through this scope. */
  wrap(reserved: ReservedSql): Sql {
    return redirectStatements(reserved, (statement, send) => {
      if (this.#closed) {
        statement.reject(this.#closed);
        return;
      }
      this.#inFlight.add(statement);
      const settled = (): void => void this.#inFlight.delete(statement);
      statement.then(settled, settled);
      send(statement);
    });
  }
}
