// Connections for transactions: each is a client of its own with one connection, which is discarded once it is lost.
import type { ReservedSql, Sql } from 'postgres';
import { ResponseDeadline } from './response-deadline.js';
import { redirectStatements, type Statement } from './statement.js';
import { ConnectionLost, TransactionScope } from './transaction-scope.js';
import { begin, commit, openConnection, rollback } from './transaction.sql.js';

type PooledConnection = {
  readonly client: Sql;
  readonly deadline: ResponseDeadline;
  scope: TransactionScope | null;
  lost: boolean;
};

export class TransactionPool {
  readonly #all = new Set<PooledConnection>();
  readonly #idle: PooledConnection[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly connect: (onLoss: () => void) => Sql,
    private readonly sessionsMax: number,
    private readonly responseLimitMs: number,
  ) {}

  /** Runs `work` in one transaction: all its statements take effect, or none. */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const session = await this.#acquire();
    try {
      return await runIn(session, work);
    } finally {
      this.#release(session);
    }
  }

  async close(timeoutSeconds: number): Promise<void> {
    await Promise.all([...this.#all].map(({ client }) => client.end({ timeout: timeoutSeconds })));
  }

  async #acquire(): Promise<PooledConnection> {
    for (;;) {
      const session = this.#idle.pop();
      if (session && !session.lost) return session;
      if (session) continue;
      if (this.#all.size < this.sessionsMax) return this.#open();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #open(): PooledConnection {
    const session: PooledConnection = {
      client: this.connect(() => {
        this.#discard(session);
      }),
      scope: null,
      deadline: new ResponseDeadline(this.responseLimitMs, () => {
        this.#discard(session);
      }),
      lost: false,
    };
    this.#all.add(session);
    return session;
  }

  #discard(session: PooledConnection): void {
    session.lost = true;
    session.scope?.close(new ConnectionLost());
    this.#all.delete(session);
    void session.client.end({ timeout: 0 });
    this.#waiting.shift()?.();
  }

  #release(session: PooledConnection): void {
    if (session.lost) {
      this.#discard(session);
      return;
    }
    this.#idle.push(session);
    this.#waiting.shift()?.();
  }
}

async function runIn<T>(session: PooledConnection, work: (sql: Sql) => Promise<T>): Promise<T> {
  const reserved = await reserve(session);
  const scope = new TransactionScope();
  session.scope = scope;
  const sql = redirectStatements(scope.wrap(reserved), (statement, send) => {
    send(statement);
    session.deadline.track(statement);
  });
  try {
    await begin(sql);
    const result = await work(sql);
    await commit(sql);
    return result;
  } catch (error) {
    await rollback(sql).catch(() => {
      // PostgreSQL then rolls back on its own, at the latest when the connection is closed.
      session.lost = true;
    });
    throw error;
  } finally {
    scope.close(new Error('the transaction is over'));
    session.scope = null;
    if (!session.lost) reserved.release();
  }
}

// The client waits forever if it has to open the connection that it reserves, so it is opened first. Nothing else can run
// between the check and the reservation.
async function reserve(session: PooledConnection): Promise<ReservedSql> {
  const opening = openConnection(session.client);
  session.deadline.track(opening as unknown as Statement);
  await opening;
  if (session.lost) throw new ConnectionLost();
  return session.client.reserve();
}
