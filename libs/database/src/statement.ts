// The part of the client's query object that we use. The tagged template creates it, and it does nothing until it is
// awaited; then its `handler` is called, which sends it.
import type { Sql } from 'postgres';

export type Statement = PromiseLike<unknown> & {
  handler: (statement: Statement) => void;
  reject: (error: Error) => void;
};

export function isStatement(made: unknown): made is Statement {
  return made instanceof Promise && 'handler' in made && 'reject' in made;
}

/** The function with which this client sends statements, whichever client built them. */
export function senderOf(client: Sql): (statement: Statement) => void {
  const idle: unknown = client``;
  if (isStatement(idle)) return idle.handler;
  throw new Error('the client postgres has changed its query object: see libs/database/src/statement.ts');
}

/**
 * The same tagged-template function, but its statements are passed to `send`, together with the original handler.
 * `sql(rows)` and `sql('name')` build fragments, which are never sent on their own.
 */
export function redirectStatements(
  client: Sql,
  send: (statement: Statement, original: (statement: Statement) => void) => void,
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
