// Watches over one reserved connection, so that no statement runs outside its transaction and none waits for ever.
import type { ReservedSql, Sql } from 'postgres';
import { sentBy, type Statement } from './statement.js';

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
export class Guard {
  #closed: Error | null = null;
  readonly #underWay = new Set<Statement>();

  close(reason: Error): void {
    this.#closed ??= reason;
    for (const statement of this.#underWay) statement.reject(reason);
    this.#underWay.clear();
  }

  /** The same tagged-template function, each of whose statements passes here. */
  watch(reserved: ReservedSql): Sql {
    return sentBy(reserved, (statement, send) => {
      if (this.#closed) {
        statement.reject(this.#closed);
        return;
      }
      this.#underWay.add(statement);
      const settled = (): void => void this.#underWay.delete(statement);
      statement.then(settled, settled);
      send(statement);
    });
  }
}
