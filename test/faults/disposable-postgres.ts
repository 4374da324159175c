// A PostgreSQL server for one test, which can be killed in several ways and restarts on the same port.
import { closePool, migrate, openPool, startEmbeddedPostgres, type EmbeddedPostgres, type Sql } from '#database';
import type { SeededRandom } from '../support/seeded-random.js';
import { stopAndRemove, killPostmaster, signal } from '../support/postmaster.js';

/** From the gentlest to the roughest. */
export const WAYS_TO_KILL = ['end one backend', 'end all backends', 'kill -9 a backend', 'kill -9 PostgreSQL'] as const;
export type WayToKill = (typeof WAYS_TO_KILL)[number];

/** The application name of the connections under test. */
export const APPLICATION = 'faults';

export class DisposablePostgres {
  private constructor(
    private readonly folder: string,
    private running: EmbeddedPostgres,
  ) {}

  static async start(folder: string): Promise<DisposablePostgres> {
    const running = await startEmbeddedPostgres({ dir: folder });
    await migrate(running.url);
    return new DisposablePostgres(folder, running);
  }

  get url(): string {
    return this.running.url;
  }

  /** Resolves once PostgreSQL accepts connections again. */
  async kill(way: WayToKill, random: SeededRandom): Promise<void> {
    switch (way) {
      case 'end one backend':
        return this.#onBackends(async (sql, pids) => {
          await sql`select pg_terminate_backend(${pids[random.between(0, pids.length - 1)] ?? 0})`;
        });
      case 'end all backends':
        return this.#onBackends(async (sql, pids) => {
          await sql`select pg_terminate_backend(pid) from unnest(${pids}::int[]) as backend (pid)`;
        });
      case 'kill -9 a backend':
        // PostgreSQL then ends all other backends and recovers.
        return this.#onBackends((_, pids) => {
          signal(pids[random.between(0, pids.length - 1)] ?? 0, 'SIGKILL');
        });
      case 'kill -9 PostgreSQL': {
        const { port } = this.running;
        await killPostmaster(this.folder);
        await this.running.lost;
        await this.running.stop();
        this.running = await startEmbeddedPostgres({ dir: this.folder, port });
      }
    }
  }

  /** Runs `work` as the owner, on a connection of its own. */
  async asOwner<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const sql = openPool(this.url, { applicationName: 'fault injector', connections: 1 });
    try {
      return await work(sql);
    } finally {
      await closePool(sql);
    }
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await stopAndRemove(this.folder);
  }

  #onBackends(work: (sql: Sql, pids: readonly number[]) => Promise<void> | void): Promise<void> {
    return this.asOwner(async (sql) => {
      const rows = await sql<{ pid: number }[]>`
        select pid from pg_stat_activity where application_name like ${`${APPLICATION}%`} order by pid`;
      if (rows.length > 0)
        await work(
          sql,
          rows.map(({ pid }) => pid),
        );
    });
  }
}
