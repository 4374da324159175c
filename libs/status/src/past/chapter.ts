// Computes one time bucket: the carry-over state of each region at its end, and the changes in it.
import { setImmediate } from 'node:timers/promises';
import type { Sql } from '#database';
import {
  changesUntil,
  carryOverAt,
  computeTimeline,
  type TimelineChanges,
  type CarryOver,
  type Seconds,
} from '#domain';
import type { Position } from '#event-log';
import type { Register } from '#registry';
import { FactBook } from '../known/fact-book.js';
import { loadBearing } from '../known/load-bearing.js';
import { reachIn, type Angle } from './chapters.js';
import type { Left } from './past-rows.js';
import { noting, type RestsOn } from './rests-on.js';

export type Chapter = {
  readonly angle: Angle;
  readonly register: Register;
  readonly position: Position;
  readonly regions: readonly string[];
  /** Null: the beginning of time. */
  readonly from: Seconds | null;
  /** The carry-over state of each region at its beginning. */
  readonly pasts: ReadonlyMap<string, CarryOver>;
};

/** Yields to the event loop in between. */
const REGIONS_AT_A_TIME = 16;

export async function workOutUntil(
  sql: Sql,
  chapter: Chapter,
  to: Seconds,
): Promise<{ readonly left: ReadonlyMap<string, Left>; readonly restsOn: RestsOn }> {
  const left = new Map<string, Left>();
  const restsOn = await eachRegion(sql, chapter, to, (region, worked) => {
    left.set(region, { past: carryOverAt(worked, to), changes: changesUntil(worked, to) });
  });
  return { left, restsOn };
}

/** All changes from the beginning of the bucket on, if no facts begin in later ones. */
export async function changesToTheEnd(sql: Sql, chapter: Chapter): Promise<ReadonlyMap<string, TimelineChanges>> {
  const changes = new Map<string, TimelineChanges>();
  await eachRegion(sql, chapter, null, (region, worked) => {
    changes.set(region, changesUntil(worked, Infinity));
  });
  return changes;
}

async function eachRegion(
  sql: Sql,
  { angle, register, position, regions, from, pasts }: Chapter,
  to: Seconds | null,
  use: (region: string, worked: ReturnType<typeof computeTimeline>) => void,
): Promise<RestsOn> {
  const { news } = await loadBearing(sql, { from, to, reach: reachIn(register) }, position);
  const book = new FactBook(register);
  book.record(news, register);
  const { framework, restsOn } = noting(register);
  for (const [index, region] of regions.entries()) {
    if (index % REGIONS_AT_A_TIME === 0) await setImmediate();
    const span = { carryOver: pasts.get(region) ?? null };
    use(region, computeTimeline(framework, book.factsOf(region), { region, ...angle }, { span }));
  }
  return restsOn;
}
