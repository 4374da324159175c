// Connections for transactions: each a client of its own with one connection, thrown away once it was lost.
import type { ReservedSql, Sql } from 'postgres';
import { ConnectionLost, Guard } from './guard.js';

type Session = { readonly client: Sql; guard: Guard | null; lost: boolean };

export class Sessions {
  readonly #all = new Set<Session>();
  readonly #idle: Session[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly connect: (onLoss: () => void) => Sql,
    private readonly sessionsMax: number,
  ) {}

  /** Runs `work` in one transaction: all its statements count, or none does. */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const session = await this.#borrow();
    try {
      return await runIn(session, work);
    } finally {
      this.#giveBack(session);
    }
  }

  async close(patienceSeconds: number): Promise<void> {
    await Promise.all([...this.#all].map(({ client }) => client.end({ timeout: patienceSeconds })));
  }

  async #borrow(): Promise<Session> {
    for (;;) {
      const session = this.#idle.pop();
      if (session && !session.lost) return session;
      if (session) continue;
      if (this.#all.size < this.sessionsMax) return this.#open();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #open(): Session {
    const session: Session = {
      client: this.connect(() => {
        this.#lose(session);
      }),
      guard: null,
      lost: false,
    };
    this.#all.add(session);
    return session;
  }

  #lose(session: Session): void {
    session.lost = true;
    session.guard?.close(new ConnectionLost());
    this.#all.delete(session);
    void session.client.end({ timeout: 0 });
    this.#waiting.shift()?.();
  }

  #giveBack(session: Session): void {
    if (session.lost) {
      this.#lose(session);
      return;
    }
    this.#idle.push(session);
    this.#waiting.shift()?.();
  }
}

async function runIn<T>(session: Session, work: (sql: Sql) => Promise<T>): Promise<T> {
  const reserved = await reserve(session);
  const guard = new Guard();
  session.guard = guard;
  const sql = guard.watch(reserved);
  try {
    await sql`begin`;
    const result = await work(sql);
    await sql`commit`;
    return result;
  } catch (error) {
    await sql`rollback`.catch(() => {
      // Then PostgreSQL rolls back by itself, at the latest when the connection is gone.
      session.lost = true;
    });
    throw error;
  } finally {
    guard.close(new Error('the transaction is over'));
    session.guard = null;
    if (!session.lost) reserved.release();
  }
}

// The client waits for ever for a connection that it opens in order to reserve it, so it has to be open already. Between
// the check and the reservation nothing else can run.
async function reserve(session: Session): Promise<ReservedSql> {
  await session.client`select`;
  if (session.lost) throw new ConnectionLost();
  return session.client.reserve();
}
