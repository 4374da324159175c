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

async function begun() {
  const standing = await leadership.checkpoint();
  if (standing === null) throw new Error('another is active');
  return standing;
}

/** As if the one before had shown no sign of life for long. */
async function anotherTakesOver(): Promise<void> {
  const { epoch } = await begun();
  await releaseLease(sql(), epoch);
  expect(await claimLeadership(sql())).toBe(epoch + 1);
}

describe("A relay's leadership", () => {
  it('begins where nobody is active, and until it is handed over nobody else begins', async () => {
    const other = new Leadership(sql());
    expect(await leadership.checkpoint()).toMatchObject({ position: 0 });
    expect(await other.checkpoint()).toBeNull();
    await leadership.release();
    expect(await other.checkpoint()).toMatchObject({ position: 0 });
  });

  it('goes on behind what was noted, and so does the next one', async () => {
    const from = await begun();
    const noted = {
      position: 2,
      last: new Map([
        [0, 0],
        [1, 2],
      ]),
    };
    expect(await leadership.save(from, BATCH)).toEqual({ ...noted, epoch: from.epoch });
    expect(await leadership.checkpoint()).toEqual({ ...noted, epoch: from.epoch });
    await leadership.release();
    expect(await new Leadership(sql()).checkpoint()).toEqual({ ...noted, epoch: from.epoch + 1 });
  });

  it('ends where another has begun, and nothing more is noted', async () => {
    const from = await begun();
    await anotherTakesOver();
    await expect(leadership.save(from, BATCH)).rejects.toBeInstanceOf(LeadershipLost);
    expect(await leadership.checkpoint()).toBeNull();
    expect(await sql()`select position from feed`).toEqual([{ position: 0 }]);
  });

  it('is found to have ended only by whoever doubts it, and a sign of life brings the doubt', async () => {
    await begun();
    await anotherTakesOver();
    expect(await leadership.checkpoint()).not.toBeNull();
    await leadership.renew();
    await expect(leadership.checkpoint()).rejects.toBeInstanceOf(LeadershipLost);
  });

  it('survives a doubt without a reason', async () => {
    const before = await begun();
    leadership.markUncertain();
    expect(await leadership.checkpoint()).toEqual(before);
  });
});
