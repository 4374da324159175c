// Watches over one reserved connection, so that no statement runs outside its transaction and none waits for ever.
import type { ReservedSql, Sql } from 'postgres';

/** The connection went away. What had been committed before is kept; of a commit under way nobody knows. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  constructor() {
    super('the connection to the database was lost');
  }
}

/** What we use of the client's query object: it is handed to `handler` at the moment it is sent. */
type Statement = { handler: (statement: Statement) => void; reject: (error: Error) => void };

/**
 * postgres 3.4.9 goes on using a reserved connection after it was lost: a statement then crashes the process, waits for
 * ever, or, once the client has connected anew, runs without its transaction. So each statement passes here when it is
 * sent: after the end it is refused, and those under way when the connection goes are refused too.
 */
export class Guard {
  #closed: Error | null = null;
  readonly #underWay = new Set<Statement>();

  get closed(): Error | null {
    return this.#closed;
  }

  close(reason: Error): void {
    this.#closed ??= reason;
    for (const statement of this.#underWay) statement.reject(reason);
    this.#underWay.clear();
  }

  /** The same tagged-template function, each of whose statements passes here. */
  watch(reserved: ReservedSql): Sql {
    const unsafe = (...args: Parameters<Sql['unsafe']>): unknown => this.#watched(reserved.unsafe(...args));
    const tag = (first: unknown, ...rest: unknown[]): unknown =>
      this.#watched((reserved as unknown as (...args: unknown[]) => unknown)(first, ...rest));
    return Object.assign(tag, reserved, { unsafe });
  }

  #watched(made: unknown): unknown {
    // `sql(rows)` and `sql('name')` make parts of statements, which are never sent by themselves.
    if (!isStatement(made)) return made;
    const send = made.handler;
    made.handler = (statement) => {
      if (this.#closed) {
        statement.reject(this.#closed);
        return;
      }
      this.#underWay.add(statement);
      const settled = (): void => void this.#underWay.delete(statement);
      (made as unknown as Promise<unknown>).then(settled, settled);
      send(statement);
    };
    return made;
  }
}

function isStatement(made: unknown): made is Statement {
  return made instanceof Promise && 'handler' in made && 'reject' in made;
}
