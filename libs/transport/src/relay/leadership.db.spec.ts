import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { repartition } from '#projection';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { claimLeadership, releaseLease } from './lease-store.js';
import { LeadershipLost, Leadership } from './leadership.js';

const BATCH = { messages: [], events: 2, position: 2, last: new Map([[1, 2]]) };

let database: TestDatabase;
let leadership: Leadership;

beforeEach(async () => {
  database = await openTestDatabase();
  const { log } = database;
  await repartition(2, { log, sql: sql(), projections: [] });
  leadership = new Leadership(sql());
});
afterEach(() => database.drop());

function sql(): TestDatabase['databases']['analysis'] {
  return database.databases.analysis;
}

async function claimed() {
  const checkpoint = await leadership.checkpoint();
  if (checkpoint === null) throw new Error('another is active');
  return checkpoint;
}

/** As if the lease had expired. */
async function anotherTakesOver(): Promise<void> {
  const { epoch } = await claimed();
  await releaseLease(sql(), epoch);
  expect(await claimLeadership(sql())).toBe(epoch + 1);
}

describe('Leadership', () => {
  it('is claimed if no relay is active, and by nobody else until it is released', async () => {
    const other = new Leadership(sql());
    expect(await leadership.checkpoint()).toMatchObject({ position: 0 });
    expect(await other.checkpoint()).toBeNull();
    await leadership.release();
    expect(await other.checkpoint()).toMatchObject({ position: 0 });
  });

  it('continues after what was recorded, and so does the next one', async () => {
    const from = await claimed();
    const noted = {
      position: 2,
      last: new Map([
        [0, 0],
        [1, 2],
      ]),
    };
    expect(await leadership.save(from, BATCH)).toEqual({ ...from, ...noted });
    expect(await leadership.checkpoint()).toEqual({ ...from, ...noted });
    await leadership.release();
    expect(await new Leadership(sql()).checkpoint()).toEqual({ ...from, ...noted, epoch: from.epoch + 1 });
  });

  it('ends when another relay claims it, and nothing more is recorded', async () => {
    const from = await claimed();
    await anotherTakesOver();
    await expect(leadership.save(from, BATCH)).rejects.toBeInstanceOf(LeadershipLost);
    expect(await leadership.checkpoint()).toBeNull();
    expect(await sql()`select position from feed`).toEqual([{ position: 0 }]);
  });

  it('detects that it is lost only when uncertain, and a renewal makes it uncertain', async () => {
    await claimed();
    await anotherTakesOver();
    expect(await leadership.checkpoint()).not.toBeNull();
    await leadership.renew();
    await expect(leadership.checkpoint()).rejects.toBeInstanceOf(LeadershipLost);
  });

  it('survives being uncertain without a reason', async () => {
    const before = await claimed();
    leadership.markUncertain();
    expect(await leadership.checkpoint()).toEqual(before);
  });
});
