import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Position } from '#event-log';
import { PostgresCheckpoints } from '#projection';
import { FACTS } from '../facts/facts.projection.js';
import { reported, TestSystem, violation } from '../status.fixture.js';
import { AsOfReads } from './as-of.js';

let system: TestSystem;
beforeAll(async () => {
  system = await TestSystem.start('2017-01-16T12:00:00.000Z');
});
afterAll(() => system.stop());

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
      ).toEqual(seen);
    }
  });
});
