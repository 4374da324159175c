// The environment of all benchmarks: a PostgreSQL server, databases on it, and the sizes to measure.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDatabase,
  migrate,
  openDatabases,
  startEmbeddedPostgres,
  type Databases,
} from '../../libs/database/src/index.js';
import { PostgresEventLog } from '../../libs/event-log/src/index.js';
import { loadAstanaProfile } from '../../libs/profile/src/index.js';
import type { Rounds } from './harness/slices.js';
import { seedLog } from './scenario/seed-log.js';

export type Sizes = {
  readonly sliceMs: number;
  /** Size of the log that is read and rebuilt. */
  readonly logEvents: number;
  /** At a report every two minutes it fills the weeks that are always in memory; a smaller log would not be comparable. */
  readonly growthSmall: number;
  readonly growthLarge: number;
  readonly latencySeconds: number;
  /** Size of the topic that projectors catch up with. */
  readonly chainEvents: number;
};

export const LONG: Sizes = {
  sliceMs: 3_000,
  logEvents: 500_000,
  growthSmall: 100_000,
  growthLarge: 10_000_000,
  latencySeconds: 60,
  chainEvents: 200_000,
};
export const QUICK: Sizes = {
  sliceMs: 700,
  logEvents: 20_000,
  growthSmall: 100_000,
  growthLarge: 300_000,
  latencySeconds: 10,
  chainEvents: 60_000,
};

export type OpenLog = { readonly url: string; readonly databases: Databases; readonly log: PostgresEventLog };

export class Bench {
  readonly #open: OpenLog[] = [];
  readonly #seeded = new Map<string, Promise<OpenLog>>();

  private constructor(
    /** URL of a database on the server, as superuser. */
    readonly serverUrl: string,
    readonly folder: string,
    readonly rounds: Rounds,
    readonly sizes: Sizes,
    private readonly stopServer: () => Promise<void>,
  ) {}

  static async start(rounds: number, sizes: Sizes): Promise<Bench> {
    const folder = join(tmpdir(), `barada-bench-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    const server = await startEmbeddedPostgres({ dir: folder });
    const [postmaster] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n', 1);
    const turns = { rounds, sliceMs: sizes.sliceMs, postmaster: Number(postmaster) };
    return new Bench(server.url, folder, turns, sizes, () => server.stop());
  }

  /** A migrated database. */
  async database(name: string): Promise<string> {
    const url = await createDatabase(this.serverUrl, `bench_${name}`);
    await migrate(url);
    return url;
  }

  /** An empty log on a database of its own. */
  async log(name: string): Promise<OpenLog> {
    const url = await this.database(name);
    const databases = openDatabases(url, { applicationName: 'bench' });
    const opened = { url, databases, log: new PostgresEventLog(databases) };
    this.#open.push(opened);
    return opened;
  }

  /** A log with the registry and about `events` more events. Created once per name. */
  seededLog(name: string, events: number): Promise<OpenLog> {
    const made = this.#seeded.get(name) ?? this.#seed(name, events);
    this.#seeded.set(name, made);
    return made;
  }

  async stop(): Promise<void> {
    for (const { log, databases } of this.#open) {
      await log.close();
      await databases.close();
    }
    await this.stopServer();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #seed(name: string, events: number): Promise<OpenLog> {
    const opened = await this.log(name);
    await loadAstanaProfile(opened.log);
    await seedLog(opened, events);
    return opened;
  }
}
