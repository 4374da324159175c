// Watches over one reserved connection, so that no statement runs outside its transaction and none waits for ever.
import type { ReservedSql, Sql } from 'postgres';
import { redirectStatements, type Statement } from './statement.js';

/** The connection went away. What had been committed before is kept; of a commit under way nobody knows. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  /** The client's own code for it, so that one test finds both. */
  readonly code = 'CONNECTION_CLOSED';
  constructor() {
    super('the connection to the database was lost');
  }
}

/**
 * postgres 3.4.9 goes on using a reserved connection after it was lost: a statement then crashes the process, waits for
 * ever, or, once the client has connected anew, runs without its transaction. So each statement passes here when it is
 * sent: after the end it is refused, and those under way when the connection goes are refused too.
 */
export class TransactionScope {
  #closed: Error | null = null;
  readonly #inFlight = new Set<Statement>();

  close(reason: Error): void {
    this.#closed ??= reason;
    for (const statement of this.#inFlight) statement.reject(reason);
    this.#inFlight.clear();
  }

  /** The same tagged-template function, each of whose statements passes here. */
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
