// A process may die at any point between an append and its projection. The read models still equal a rebuild.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertsProjection } from '#alerting';
import { openDatabases, type Databases } from '#database';
import type { StoredEvent } from '#event-log';
import { PostgresCheckpoints, Projection, ProjectionRunner, type Session } from '#projection';
import { FactsProjection } from '#status';
import { SeededRandom } from '../support/seeded-random.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { projectionsDifferingFromLog } from './log-check.js';
import { Writers } from './writers.js';

const TIMEOUT_MS = 60_000;
const ALERT_HORIZON_DAYS = 30_000;
const WRITERS = 4;
const COMMANDS = 5;
const CRASHES = 3;

type Die = (session: Session) => Promise<void>;
/** The point in the fold of a batch at which the process dies. */
type CrashPoint = (inner: Projection, batch: readonly StoredEvent[], session: Session, die: Die) => Promise<void>;

const CRASH_POINTS: Readonly<Record<string, CrashPoint>> = {
  'after the append, before the fold': async (_, __, session, die) => {
    await die(session);
  },
  'in the middle of the fold': async (inner, batch, session, die) => {
    await inner.apply(batch.slice(0, Math.ceil(batch.length / 2)), session);
    await die(session);
  },
  'after each statement of the fold in turn': async (inner, batch, session, die) => {
    await inner.apply(batch, dyingAfterStatement(session, die));
  },
  'after the fold, before the commit': async (inner, batch, session, die) => {
    await inner.apply(batch, session);
    await die(session);
  },
};

/** Terminates the backend, which is how PostgreSQL sees the death of a client process. */
const killsItsBackend: Die = async (session) => {
  await session`select pg_terminate_backend(pg_backend_pid())`;
};
const throws: Die = () => Promise.reject(new Error('the process dies here'));

let statementsUntilDeath = 1;

/** The first crash comes after the first statement, the second after the second, and so on. */
function dyingAfterStatement(session: Session, die: Die): Session {
  let left = statementsUntilDeath;
  statementsUntilDeath += 1;
  const tag = (first: unknown, ...rest: unknown[]): unknown => {
    const made = (session as unknown as (...args: unknown[]) => unknown)(first, ...rest);
    if (!(made instanceof Promise)) return made;
    return made.then(async (rows: unknown) => {
      left -= 1;
      if (left === 0) await die(session);
      return rows;
    });
  };
  return Object.assign(tag, session);
}

/** Wraps a projection and dies at the crash point a few times before it folds normally. */
class Crashing extends Projection {
  crashes = 0;

  constructor(
    private readonly inner: Projection,
    private readonly point: CrashPoint,
    private readonly die: Die,
  ) {
    super();
  }

  override get name(): string {
    return this.inner.name;
  }

  override get tables(): readonly string[] {
    return this.inner.tables;
  }

  override async apply(batch: readonly StoredEvent[], session: Session): Promise<void> {
    if (this.crashes < CRASHES) {
      this.crashes += 1;
      await this.point(this.inner, batch, session, this.die);
    } else await this.inner.apply(batch, session);
  }
}

let database: TestDatabase;
let databases: Databases;
let random: SeededRandom;
let runners: ProjectionRunner[] = [];
beforeAll(async () => {
  random = SeededRandom.forSpec('crash-points');
  database = await openTestDatabase();
  databases = openDatabases(database.url, { connections: 2 });
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  runners = [];
});
afterAll(async () => {
  await databases.close();
  await database.drop();
});

const facts = new FactsProjection();
const alerts = new AlertsProjection(ALERT_HORIZON_DAYS);

async function writeSome(): Promise<number> {
  const writers = new Writers(database.log, random.between(1, 1_000_000), WRITERS);
  await eventually(() => {
    if (Math.min(...writers.done) < COMMANDS)
      throw new Error(`the writers have not finished ${COMMANDS} commands each`);
  }, TIMEOUT_MS);
  await writers.stop(TIMEOUT_MS);
  return (await database.log.head()).position;
}

function run(projections: readonly Projection[]): PostgresCheckpoints {
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const parts = { log: database.log, sql: databases.analysis, projections, checkpoints, onFailure: () => undefined };
  const runner = new ProjectionRunner({ ...parts, now: () => '2017-01-15T10:00:00.000Z' });
  runner.start();
  runners.push(runner);
  return checkpoints;
}

async function stopAll(): Promise<void> {
  await Promise.all(runners.map((runner) => runner.stop()));
}

describe.each(Object.entries(CRASH_POINTS))('A process that dies %s', (_, point) => {
  it.each([
    ['its backend is killed', killsItsBackend],
    ['its code throws', throws],
  ] as const)('leaves read models equal to a rebuild if %s', async (__, die) => {
    statementsUntilDeath = 1;
    const head = await writeSome();
    const crashing = [new Crashing(facts, point, die), new Crashing(alerts, point, die)];
    const checkpoints = run(crashing);
    const later = await writeSome();
    for (const { name } of crashing) expect(await checkpoints.isReached(name, later, TIMEOUT_MS)).toBe(true);
    expect(later).toBeGreaterThan(head);
    expect(Math.min(...crashing.map(({ crashes }) => crashes))).toBeGreaterThan(0);
    await stopAll();
    expect(await projectionsDifferingFromLog([facts, alerts], { log: database.log, databases })).toEqual([]);
  });
});

describe('A process that dies after the commit', () => {
  it('before the next batch, leaves a checkpoint from which another process continues', async () => {
    for (let life = 0; life < CRASHES; life += 1) {
      const head = await writeSome();
      const checkpoints = run([facts, alerts]);
      for (const { name } of [facts, alerts]) expect(await checkpoints.isReached(name, head, TIMEOUT_MS)).toBe(true);
      await stopAll();
    }
    expect(await projectionsDifferingFromLog([facts, alerts], { log: database.log, databases })).toEqual([]);
  });

  it('in the eyes of its successor only, as a zombie, writes nothing that the successor has written', async () => {
    const first = run([facts, alerts]);
    const writing = writeSome();
    const second = run([facts, alerts]);
    const head = await writing;
    for (const { name } of [facts, alerts]) {
      expect(await first.isReached(name, head, TIMEOUT_MS)).toBe(true);
      expect(await second.isReached(name, head, TIMEOUT_MS)).toBe(true);
    }
    await stopAll();
    expect(await projectionsDifferingFromLog([facts, alerts], { log: database.log, databases })).toEqual([]);
  });
});
