// A small projection for tests of the runner, and a database with its table.
import { randomUUID } from 'node:crypto';
import { closePool, openPool, type Sql } from '#database';
import type { StoredEvent } from '#event-log';
import { PostgresCheckpoints, Projection, ProjectionRunner, type Session } from '#projection';
import { openTestDatabase, type TestDatabase } from './database.js';

/** One row per stream: the position of its first event and its number of events. */
export class StreamList extends Projection {
  override readonly name: string = 'stream-list';
  override readonly tables = ['stream_list'];
  override readonly readersIndexes = ['stream_list_began'];
  /** Positions at which `apply` throws. */
  readonly poison = new Set<number>();
  /** If set, every batch fails with it after its rows are written. */
  failure: Error | null = null;

  override async apply(batch: readonly StoredEvent[], session: Session): Promise<void> {
    for (const { stream, position } of batch) {
      await session`
        insert into stream_list (stream, began, events) values (${stream}, ${position}, 1)
        on conflict (stream) do update set events = stream_list.events + 1`;
      if (this.poison.has(position)) throw new Error(`event ${position} is poison`);
    }
    if (this.failure) throw this.failure;
  }
}

export type StreamRow = { readonly stream: string; readonly events: number };

export class StreamListSystem {
  readonly failures: string[] = [];
  #runners: ProjectionRunner[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly owner: Sql,
  ) {}

  static async open(): Promise<StreamListSystem> {
    const database = await openTestDatabase();
    const owner = openPool(database.url, { applicationName: 'test owner', connections: 2 });
    await owner`create table stream_list (stream text primary key, began bigint not null, events int not null)`;
    await owner`create index stream_list_began on stream_list (began)`;
    await owner`grant select, insert, update, delete on stream_list to barada_analysis`;
    return new StreamListSystem(database, owner);
  }

  async close(): Promise<void> {
    await closePool(this.owner);
    await this.database.drop();
  }

  get dependencies(): { readonly log: TestDatabase['log']; readonly sql: Sql } {
    return { log: this.database.log, sql: this.database.databases.analysis };
  }

  start(projection: Projection): { runner: ProjectionRunner; checkpoints: PostgresCheckpoints } {
    const checkpoints = new PostgresCheckpoints(this.database.databases.analysis);
    const runner = new ProjectionRunner({
      ...this.dependencies,
      projections: [projection],
      checkpoints,
      now: () => '2017-01-15T10:00:00.000Z',
      onFailure: (_, error) => this.failures.push(String(error)),
    });
    runner.start();
    this.#runners.push(runner);
    return { runner, checkpoints };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.stop()));
    this.#runners = [];
  }

  async append(stream: string = randomUUID(), expected = 0): Promise<number> {
    const data = { report: stream, incident: null };
    const outcome = await this.database.log.append({
      writes: [{ stream, expected, events: [{ key: stream, event: { type: 'ReportWithdrawn', data } }] }],
      meta: { by: { who: 'm', role: 'monitor', party: null }, fingerprint: null, correlation: randomUUID() },
    });
    if (outcome.kind !== 'appended') throw new Error(outcome.kind);
    return outcome.position;
  }

  /** Oldest first. */
  rows(): Promise<StreamRow[]> {
    return this.owner<StreamRow[]>`select stream, events from stream_list order by began`;
  }

  /** Number of folded events of the stream; 0 if it has no row. */
  async eventsOf(stream: string): Promise<number> {
    return (await this.rows()).find((row) => row.stream === stream)?.events ?? 0;
  }
}
