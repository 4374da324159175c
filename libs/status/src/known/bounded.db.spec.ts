// Memory and reads for the present are bounded by the facts that affect the present, however many older ones there are.
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY, instantOf, secondsOf, type Seconds } from '#domain';
import type { HealthResult } from '#platform';
import { Registry } from '#registry';
import { reported, TestSystem, violation } from '../status.fixture.js';
import { FACTS } from '../facts/facts.projection.js';
import { chapterStart } from '../past/chapters.js';
import { PastCourses } from '../past/past-courses.js';
import { PastHealth } from '../past/past-health.js';
import type { FactBook } from './fact-book.js';
import type { Knowledge } from './knowledge.js';
import { loadBearing } from './load-bearing.js';

const NOW = secondsOf('2018-06-01T12:00:00Z');
const LENS = 'strict';
const HELD_WHOLE = 2;

let system: TestSystem;
beforeEach(async () => {
  system = await TestSystem.start(instantOf(NOW), { HELD_WHOLE_INCIDENTS: String(HELD_WHOLE) });
});
afterEach(() => system.stop());

async function happened(count: number, daysAgo: number): Promise<void> {
  const from = (nth: number): string => instantOf(NOW - daysAgo * DAY - nth * 3_600);
  const writes = Array.from({ length: count }, (_, nth) =>
    reported(violation({ occurred: { from: from(nth), to: from(nth), precision: 'minute' }, severity: 'minor' })),
  ).flatMap((one) => one.writes);
  await system.append(...writes);
}

async function look<T>(knowledge: Knowledge, see: (book: FactBook) => T): Promise<T> {
  const angles: Parameters<Knowledge['now']>[1] = ({ lenses, modalities }) =>
    [...lenses.values()]
      .filter(({ code }) => code === LENS)
      .flatMap((lens) => modalities.map((one) => ({ lens, modalities: one })));
  return knowledge.now(await system.checkpoints.watermark(FACTS), angles, see);
}

const held = (book: FactBook): number => book.incidents.size;

describe('the fact index in memory', () => {
  it('holds the recent facts, however many older ones there are', async () => {
    await happened(3, 5);
    expect(await look(system.knowledge(), held)).toBe(3);
    await happened(40, 200);
    await happened(40, 400);
    expect(await look(system.knowledge(), held)).toBe(3);
  });

  it('holds all facts until they are too many', async () => {
    const knowledge = system.knowledge();
    await happened(HELD_WHOLE, 400);
    expect(await look(knowledge, held)).toBe(HELD_WHOLE);
    expect(await look(system.knowledge(), held)).toBe(HELD_WHOLE);
    await happened(1, 5);
    await look(knowledge, held);
    await happened(1, 5);
    expect(await look(knowledge, held)).toBe(2);
    expect(await look(system.knowledge(), held)).toBe(2);
  });

  it('does not grow with late facts about the past', async () => {
    const knowledge = system.knowledge();
    await happened(3, 5);
    expect(await look(knowledge, held)).toBe(3);
    await happened(40, 300);
    expect(await look(knowledge, held)).toBe(3);
  });

  it('drops facts that no longer affect the present', async () => {
    const knowledge = system.knowledge();
    await happened(40, 5);
    expect(await look(knowledge, held)).toBe(40);
    system.clock.instant = instantOf(NOW + 100 * DAY);
    expect(await look(knowledge, held)).toBe(0);
  });

  it('loads only what affects the present, and continues from a stored carry-over state', async () => {
    await happened(40, 200);
    await happened(3, 5);
    await look(system.knowledge(), held);
    const { analysis } = system.database.databases;
    const versions = (): Promise<readonly object[]> => analysis`select id, version from past_course order by id`;
    const before = await versions();
    await look(system.knowledge(), held);
    expect(before).not.toEqual([]);
    expect(await versions()).toEqual(before);
    const { position } = await system.checkpoints.watermark(FACTS);
    const { news } = await loadBearing(analysis, { from: NOW - 45 * DAY, to: null, reach: 7 * DAY }, position);
    expect(news.incidents).toHaveLength(3);
  });

  it('has the same carry-over state in several processes', async () => {
    await happened(HELD_WHOLE + 1, 200);
    const [one, other] = [system.knowledge(), system.knowledge()];
    const since = (book: FactBook): Seconds | null | undefined => {
      const [modalities] = book.register.modalities;
      const lens = book.register.lenses.get(LENS);
      return lens && modalities && book.around({ lens, modalities }, 'SY030702').carryOver?.since;
    };
    const [first, second] = await Promise.all([look(one, since), look(other, since)]);
    expect(first).toBe(NOW - 193 * DAY);
    expect(second).toBe(first);
    await happened(1, 199);
    const later = await Promise.all([look(one, since), look(other, since), look(system.knowledge(), since)]);
    expect(later).toEqual([NOW - 192 * DAY, NOW - 192 * DAY, NOW - 192 * DAY]);
  });

  it('recomputes the carry-over state when its rows are gone', async () => {
    await happened(40, 200);
    const past = (book: FactBook): string =>
      JSON.stringify(
        [...book.register.lenses.values()].map((lens) => book.around({ lens, modalities: modalitiesOf(book) }, 'SY')),
      );
    const before = await look(system.knowledge(), past);
    await system.database.databases.analysis`delete from past_course`;
    expect(await look(system.knowledge(), past)).toBe(before);
    await system.database.databases
      .analysis`update checkpoints set generation = generation + 1 where projection = 'facts'`;
    expect(await look(system.knowledge(), past)).toBe(before);
  });
});

describe('a status history that is computed for the first time', () => {
  it('is reported by the health routes while it lasts', async () => {
    await happened(3, 400);
    await happened(3, 200);
    const courses = new PastCourses(system.database.databases);
    const health = new PastHealth(courses);
    const register = await system.app.get(Registry).refresh();
    const [lens] = register.lenses.values();
    const [modalities] = register.modalities;
    if (!lens || !modalities) throw new Error('the profile has lenses and modalities');
    const { position, generation } = await system.checkpoints.watermark(FACTS);
    const done = new AbortController();
    const known = { register: { ...register, position }, position, generation };
    const working = courses.pastsAt(known, { lens, modalities }, chapterStart(NOW - 60 * DAY)).finally(() => {
      done.abort();
    });
    const told: HealthResult[] = [];
    while (!done.signal.aborted) {
      told.push(await health.check());
      await setImmediate();
    }
    await working;
    const underway = { done: expect.any(Number), all: expect.any(Number) };
    expect(told).toContainEqual({ notReady: null, details: { underway } });
    expect(await health.check()).toEqual({ notReady: null, details: { underway: null } });
  });
});

function modalitiesOf({ register }: FactBook) {
  const [first] = register.modalities;
  if (!first) throw new Error('the profile has modalities');
  return first;
}
