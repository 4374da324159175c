import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventLog, type Position } from '#event-log';
import { PostgresCheckpoints, type Standing } from '#projection';
import { Settings } from '#platform';
import { Registry } from '#registry';
import { Knowledge } from '../known/knowledge.js';
import { PastCourses } from '../past/past-courses.js';
import { reported, TestSystem, violation } from '../status.fixture.js';
import { Standpoints } from './standpoint.js';

/** As where several processes share the facts: once a position is passed, a partition that gets more says less again. */
class FallingBack extends PostgresCheckpoints {
  said: Position = 0;
  override async standing(projection: string): Promise<Standing> {
    return { ...(await super.standing(projection)), position: this.said };
  }
  override async passed(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

let system: TestSystem;
beforeAll(async () => {
  system = await TestSystem.start('2017-01-16T12:00:00.000Z');
});
afterAll(() => system.stop());

describe('a standpoint', () => {
  it('is not before the position that was waited for, whatever the checkpoints say afterwards', async () => {
    const { database, app, clock } = system;
    const { databases } = database;
    const checkpoints = new FallingBack(databases.analysis);
    checkpoints.said = (await database.log.head()).position;
    const report = reported(violation());
    const minPosition = await system.append(...report.writes);
    const registry = app.get(Registry);
    const knowledge = new Knowledge(
      databases,
      checkpoints,
      registry,
      clock,
      new PastCourses(databases),
      Settings.from({}),
    );
    const standpoints = new Standpoints(app.get(EventLog), checkpoints, registry, knowledge, clock);
    const seen = await standpoints.look({ lens: 'strict', minPosition }, ({ position, book }) => ({
      position,
      learntAt: book.learntAt('SY030702'),
    }));
    expect(seen).toEqual({ position: minPosition, learntAt: minPosition - 1 }); // the incident is opened, then reported
  });
});
