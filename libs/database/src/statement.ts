// What we use of the client's query object. It is made by the tagged template and does nothing until somebody waits for
// it; then it is handed to its `handler`, which sends it.
import type { Sql } from 'postgres';

export type Statement = PromiseLike<unknown> & {
  handler: (statement: Statement) => void;
  reject: (error: Error) => void;
};

export function isStatement(made: unknown): made is Statement {
  return made instanceof Promise && 'handler' in made && 'reject' in made;
}

/** How this client sends statements, whichever client made them. */
export function senderOf(client: Sql): (statement: Statement) => void {
  const idle: unknown = client``;
  if (isStatement(idle)) return idle.handler;
  throw new Error('the client postgres has changed its query object: see libs/database/src/statement.ts');
}

/**
 * The same tagged-template function, each of whose statements is handed to `send` instead, together with the way in
 * which it would have been sent. `sql(rows)` and `sql('name')` make parts of statements, which are never sent alone.
 */
export function redirectStatements(
  client: Sql,
  send: (statement: Statement, asBefore: (statement: Statement) => void) => void,
): Sql {
  const redirected = (made: unknown): unknown => {
    if (!isStatement(made)) return made;
    const before = made.handler;
    made.handler = (statement) => {
      send(statement, before);
    };
    return made;
  };
  const make = client as unknown as (...args: unknown[]) => unknown;
  const tag = (...args: unknown[]): unknown => redirected(make(...args));
  const unsafe = (...args: Parameters<Sql['unsafe']>): unknown => redirected(client.unsafe(...args));
  return Object.assign(tag, client, { unsafe });
}
