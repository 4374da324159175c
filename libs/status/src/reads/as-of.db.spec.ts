import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Position } from '#event-log';
import { PostgresCheckpoints } from '#projection';
import { FACTS } from '../facts/facts.projection.js';
import { reported, TestSystem, violation } from '../status.fixture.js';
import { AsOfReads, type Stamp } from './as-of.js';

let system: TestSystem;
beforeEach(async () => {
  system = await TestSystem.start('2017-01-16T12:00:00.000Z');
});
afterEach(() => system.stop());

/** As when several processes share the facts: the watermark of one partition is lower again. */
async function fallBack(position: Position): Promise<void> {
  await system.stopFolding();
  const { analysis } = system.database.databases;
  await analysis`
    insert into feed_partitions (partition, last, last_before) values (0, ${position}, 0), (1, ${position + 2}, ${position + 1})`;
  await analysis`insert into checkpoints (projection, partition, position) values (${FACTS}, 1, 1)`;
  expect(await new PostgresCheckpoints(analysis).watermark(FACTS)).toEqual({ position: 1, generation: 1 });
}

describe('an as-of read', () => {
  it('never goes back to an earlier position, although a partition of the facts does', async () => {
    const report = reported(violation());
    const position = await system.append(...report.writes);
    await fallBack(position);
    const asOfReads = system.app.get(AsOfReads);
    const seen = { position, learntAt: position - 1 }; // the incident is opened, then reported
    for (const minPosition of [position, undefined]) {
      const query = { lens: 'strict', ...(minPosition === undefined ? {} : { minPosition }) };
      expect(
        await asOfReads.look(query, (view) => ({
          position: view.position,
          learntAt: view.book.learntAt('SY030702'),
        })),
      ).toMatchObject(seen);
    }
  });
});

const PATHS = [
  '/v1/status',
  '/v1/regions/SY/status',
  '/v1/incidents',
  '/v1/statistics?by=kind',
  '/v1/coverage?region=SY',
];
const TRIES = 20;

describe('the `at` and `knownAt` of an answer', () => {
  it('give the same answer when they are cited, while the log keeps growing', async () => {
    await system.append(...reported(violation()).writes);
    for (let nth = 0; nth < TRIES; nth += 1) {
      const path = PATHS[nth % PATHS.length] ?? '';
      const appending = system.append(...reported(violation()).writes);
      const { body: fresh } = await system.get(path);
      await appending;
      await system.append(...reported(violation()).writes);
      const { at, knownAt } = fresh as unknown as Stamp;
      const { body: cited } = await system.get(`${path}${path.includes('?') ? '&' : '?'}at=${at}&knownAt=${knownAt}`);
      expect({ path, ...cited }).toEqual({ path, ...fresh });
    }
  });

  it('are those of the present when `knownAt` is in the future', async () => {
    const position = await system.append(...reported(violation()).writes);
    const { body: present } = await system.get('/v1/status');
    const { body: future } = await system.get('/v1/status?knownAt=2199-01-01T00:00:00Z');
    expect(present['position']).toBe(position);
    expect(future).toEqual(present);
    const [event] = await system.database.log.read(position - 1, 1);
    expect(present['knownAt']).toBe(event?.recordedAt);
  });

  it('keep their milliseconds', async () => {
    await system.append(...reported(violation()).writes);
    const { body } = await system.get('/v1/status?knownAt=2017-01-16T12:00:00.123Z');
    expect(body).toMatchObject({ code: 'nothing-known' });
    const { recordedAt } = await system.database.log.head();
    const { body: known } = await system.get(`/v1/status?knownAt=${recordedAt ?? ''}`);
    expect(known['knownAt']).toBe(recordedAt);
  });
});
