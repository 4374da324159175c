import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { repartition } from '#projection';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { claim, release } from './lease.js';
import { LeadershipLost, Leadership } from './tenure.js';

const BATCH = { messages: [], events: 2, position: 2, last: new Map([[1, 2]]) };

let database: TestDatabase;
let tenure: Leadership;

beforeEach(async () => {
  database = await openTestDatabase();
  const { log } = database;
  await repartition(2, { log, sql: sql(), projections: [] });
  tenure = new Leadership(sql());
});
afterEach(() => database.drop());

function sql(): TestDatabase['databases']['analysis'] {
  return database.databases.analysis;
}

async function begun() {
  const standing = await tenure.standing();
  if (standing === null) throw new Error('another is active');
  return standing;
}

/** As if the one before had shown no sign of life for long. */
async function anotherTakesOver(): Promise<void> {
  const { epoch } = await begun();
  await release(sql(), epoch);
  expect(await claim(sql())).toBe(epoch + 1);
}

describe("A relay's tenure", () => {
  it('begins where nobody is active, and until it is handed over nobody else begins', async () => {
    const other = new Leadership(sql());
    expect(await tenure.standing()).toMatchObject({ position: 0 });
    expect(await other.standing()).toBeNull();
    await tenure.handOver();
    expect(await other.standing()).toMatchObject({ position: 0 });
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
    expect(await tenure.note(from, BATCH)).toEqual({ ...noted, epoch: from.epoch });
    expect(await tenure.standing()).toEqual({ ...noted, epoch: from.epoch });
    await tenure.handOver();
    expect(await new Leadership(sql()).standing()).toEqual({ ...noted, epoch: from.epoch + 1 });
  });

  it('ends where another has begun, and nothing more is noted', async () => {
    const from = await begun();
    await anotherTakesOver();
    await expect(tenure.note(from, BATCH)).rejects.toBeInstanceOf(LeadershipLost);
    expect(await tenure.standing()).toBeNull();
    expect(await sql()`select position from feed`).toEqual([{ position: 0 }]);
  });

  it('is found to have ended only by whoever doubts it, and a sign of life brings the doubt', async () => {
    await begun();
    await anotherTakesOver();
    expect(await tenure.standing()).not.toBeNull();
    await tenure.signOfLife();
    await expect(tenure.standing()).rejects.toBeInstanceOf(LeadershipLost);
  });

  it('survives a doubt without a reason', async () => {
    const before = await begun();
    tenure.doubt();
    expect(await tenure.standing()).toEqual(before);
  });
});
