import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction, type Sql } from '#database';
import type { Position } from '#event-log';
import { PostgresCheckpoints } from '#projection';
import { LogRegistry, type Registry } from '#registry';
import { appendStatusChange, defineRegions } from '../../../../test/support/alerting.js';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { DeliveryStore } from '../delivery/delivery-store.js';
import type { AlertFilter } from './alert-filter.js';
import { AlertStore, type AlertPage } from './alert-store.js';
import { ALERTS, AlertsProjection } from './alerts-projection.js';

const AT = '2017-01-16T12:00:00.000Z';
const PAGE = 100;
const ALL: AlertFilter = { types: [], regions: [], lenses: [], minStatus: null };

let database: TestDatabase;
let sql: Sql;
let registry: Registry;
let [first, second, third]: [Position, Position, Position] = [0, 0, 0];

beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.databases.analysis;
  await defineRegions(database);
  first = await appendStatusChange(database, 'SY03', 'holding', 'strained');
  second = await appendStatusChange(database, 'SY02', 'holding', 'violated');
  third = await appendStatusChange(database, 'SY03', 'strained', 'violated');
  const events = await database.log.read(0, PAGE);
  await inTransaction(sql, (session) => new AlertsProjection(30).apply(events, session));
  registry = new LogRegistry(database.log, () => undefined);
  await registry.refresh();
});
afterAll(() => database.drop());

beforeEach(async () => {
  await sql`delete from checkpoints`;
  await sql`insert into checkpoints (projection, partition) values (${ALERTS}, 0), (${ALERTS}, 1)`;
});

/** Sets the checkpoint of the partition of the second alert; the other partition has processed the third alert. */
async function setCheckpoint(position: Position): Promise<void> {
  await sql`update checkpoints set position = case partition when 1 then ${position}::bigint else ${third} end`;
}

/** A store as another process has it. */
function openStore(): AlertStore {
  return new AlertStore(database.databases, registry, new PostgresCheckpoints(sql));
}

function summarize({ rows, upTo }: AlertPage): object {
  return { positions: rows.map(({ position }) => position), upTo };
}

describe('Alerts written by several processes', () => {
  it('are read once no alert before them is missing', async () => {
    const store = openStore();
    await setCheckpoint(first);
    expect(await store.newest()).toBe(first);
    expect(summarize(await store.after(0, ALL, PAGE))).toEqual({ positions: [first], upTo: first });
    await setCheckpoint(second);
    expect(summarize(await store.after(first, ALL, PAGE))).toEqual({ positions: [second], upTo: second });
    await setCheckpoint(third);
    expect(summarize(await store.after(first, ALL, PAGE))).toEqual({ positions: [second, third], upTo: third });
  });

  it('are still read after a checkpoint moved back', async () => {
    const store = openStore();
    await setCheckpoint(third);
    expect(await store.newest()).toBe(third);
    await setCheckpoint(first);
    expect(await openStore().newest()).toBe(first);
    expect(await store.newest()).toBe(third);
    expect(summarize(await store.after(0, ALL, 2))).toEqual({ positions: [first, second], upTo: second });
    expect(summarize(await store.after(second, ALL, 2))).toEqual({ positions: [third], upTo: third });
  });

  it('are all planned for a webhook by concurrent planners with different checkpoints', async () => {
    const plan = async (id: string, newest: Position): Promise<void> => {
      const deliveries = new DeliveryStore(database.databases, registry);
      await deliveries.plan({ id, filter: ALL }, newest, AT);
    };
    const orders = [
      [first, third],
      [third, first],
    ] as const;
    for (const [one, other] of orders) {
      const [inTurn, together] = [await subscribed(), await subscribed()];
      await plan(inTurn, one);
      await plan(inTurn, other);
      await Promise.all([plan(together, one), plan(together, other)]);
      for (const id of [inTurn, together]) {
        expect(await planned(id)).toEqual({ cursor: third, positions: [first, second, third] });
      }
    }
  });
});

async function subscribed(): Promise<string> {
  const id = randomUUID();
  await sql`
    insert into subscription (id, owner, fingerprint, url, filter, created_at, cursor, handshake_next_at)
    values (${id}, 'o', 'f', 'https://example.org', '{}', ${AT}, 0, ${AT})`;
  return id;
}

async function planned(id: string): Promise<object | undefined> {
  const [row] = await sql<object[]>`
    select s.cursor, array_agg(d.position order by d.position) as positions
    from subscription s join delivery d on d.subscription = s.id where s.id = ${id} group by s.id`;
  return row;
}
