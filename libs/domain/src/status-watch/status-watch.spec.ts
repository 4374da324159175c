import { describe, expect, it } from '@jest/globals';
import fc from '../../../../test/support/fast-check.js';
import { given } from '../given.fixture.js';
import type { StatusEvent } from '../status/status-events.js';
import { instantOf } from '../time.js';
import { STATUSES, type Seconds, type Status } from '../vocabulary.js';
import { mergedSteps, stepAt, type StepHistory } from './step-history.js';
import type { AnnouncedStatus, AnnounceStatus, CoverageState } from './announcement.js';
import { publishedHistory } from './status-changes.js';
import { statusWatch } from './status-watch.js';

const DAY = 86_400;
const BEGIN = 1_483_048_800; // 2016-12-29T22:00:00Z
const day = (n: number): Seconds => BEGIN + n * DAY;
const course = (...runs: readonly (readonly [number, Status])[]): StepHistory<Status> =>
  runs.map(([n, value]) => ({ from: day(n), value }));
const SILENT = course([-1, 'not_covered'], [0, 'not_observed']);
const UNWATCHED: StepHistory<CoverageState> = [{ from: day(-1), value: { enough: false, share: 0 } }];

function look(now: Seconds, over: Partial<AnnounceStatus> = {}): AnnounceStatus {
  return {
    type: 'AnnounceStatus',
    region: 'wadi-barada',
    lens: 'strict',
    modalities: 'astana-1',
    restsOn: 7,
    now,
    watchedUntil: null,
    alertWithin: 30 * DAY,
    baseline: SILENT,
    status: SILENT,
    coverage: UNWATCHED,
    redLines: [],
    ...over,
  };
}

const said = (events: readonly StatusEvent[]): readonly string[] =>
  events.map((event) => {
    const { at, alert } = event.data;
    const tail = alert ? '' : ' quietly';
    switch (event.type) {
      case 'StatusChanged':
        return `${event.data.from} > ${event.data.to} at ${at}${tail}`;
      case 'StatusRestated':
        return `${spanned(event.data.before)} was ${spanned(event.data.after)} from ${at} until ${event.data.until}${tail}`;
      case 'RedLineMet':
        return `${event.data.redLine} met by ${event.data.incident} at ${at}${tail}`;
      case 'RedLineCleared':
        return `${event.data.redLine} cleared${tail}`;
      case 'CoverageLost':
        return `lost at ${at}${tail}`;
      case 'CoverageRestored':
        return `restored at ${at}${tail}`;
    }
  });
const spanned = (spans: readonly { readonly status: Status }[]): string => spans.map(({ status }) => status).join(', ');
const at = (n: number): string => instantOf(day(n));

describe('the status watch', () => {
  it('announces nothing about a region without reports', () => {
    expect(given(statusWatch).when(look(day(100)))).toEqual([]);
  });

  it('announces each change up to now, in order, and no future one', () => {
    const status = course(
      [-1, 'not_covered'],
      [0, 'not_observed'],
      [2, 'strained'],
      [4, 'violated'],
      [9, 'not_observed'],
    );
    expect(said(given(statusWatch).when(look(day(5), { status })))).toEqual([
      `not_observed > strained at ${at(2)}`,
      `strained > violated at ${at(4)}`,
    ]);
  });

  it('announces a predicted change when it is due', () => {
    const status = course([-1, 'not_covered'], [0, 'not_observed'], [2, 'strained'], [9, 'not_observed']);
    const before = given(statusWatch).when(look(day(5), { status }));
    const later = given(statusWatch, ...before).when(look(day(9), { status, watchedUntil: day(5) }));
    expect(said(later)).toEqual([`strained > not_observed at ${at(9)}`]);
  });

  it('announces a late report that affects the present as one change at the start of the current run', () => {
    const status = course([-1, 'not_covered'], [0, 'not_observed'], [3, 'violated']);
    expect(said(given(statusWatch).when(look(day(6), { status, watchedUntil: day(6) })))).toEqual([
      `not_observed > violated at ${at(3)}`,
    ]);
  });

  it('restates a past that is over', () => {
    const status = course([-1, 'not_covered'], [0, 'not_observed'], [3, 'strained'], [5, 'not_observed']);
    expect(said(given(statusWatch).when(look(day(8), { status, watchedUntil: day(8) })))).toEqual([
      `not_observed was strained from ${at(3)} until ${at(5)}`,
    ]);
  });

  it('restates the past before it announces the present', () => {
    const status = course([-1, 'not_covered'], [0, 'not_observed'], [1, 'strained'], [3, 'violated']);
    expect(said(given(statusWatch).when(look(day(6), { status, watchedUntil: day(6) })))).toEqual([
      `not_observed was strained from ${at(1)} until ${at(3)}`,
      `not_observed > violated at ${at(3)}`,
    ]);
  });

  it('raises no alert for a difference that began more than 30 days ago', () => {
    const status = course([-1, 'not_covered'], [0, 'not_observed'], [1, 'strained'], [8, 'not_observed']);
    const quiet = look(day(31) + 1, { status, watchedUntil: day(31) });
    expect(said(given(statusWatch).when(quiet))).toEqual([
      `not_observed was strained from ${at(1)} until ${at(8)} quietly`,
    ]);
    expect(said(given(statusWatch).when({ ...quiet, now: day(31) }))).toEqual([
      `not_observed was strained from ${at(1)} until ${at(8)}`,
    ]);
  });

  it('raises no alert for an import of old reports, even after a recent alert of the region', () => {
    const recent = course([-1, 'not_covered'], [0, 'not_observed'], [60, 'strained']);
    const alarm = given(statusWatch).when(look(day(61), { status: recent }));
    const old = course([-1, 'not_covered'], [0, 'not_observed'], [2, 'breakdown_indicated']);
    const imported = look(day(62), { status: old, watchedUntil: day(61) });
    expect(said(given(statusWatch, ...alarm).when(imported))).toEqual([
      `strained > breakdown_indicated at ${at(2)} quietly`,
    ]);
  });

  it('retracts a false alarm with an alert, at the instant from which it was wrong', () => {
    const status = course([-1, 'not_covered'], [0, 'not_observed'], [60, 'violated']);
    const alarm = given(statusWatch).when(look(day(61), { status }));
    const refuted = look(day(62), { watchedUntil: day(61) });
    expect(said(given(statusWatch, ...alarm).when(refuted))).toEqual([`violated > not_observed at ${at(60)}`]);
  });

  it('announces a red line once each time it is met', () => {
    const met = look(day(5), { redLines: [{ redLine: 'springs', incident: 'i-1', at: day(4) }] });
    const first = given(statusWatch).when(met);
    expect(said(first)).toEqual([`springs met by i-1 at ${at(4)}`]);
    expect(given(statusWatch, ...first).when(met)).toEqual([]);
    const cleared = given(statusWatch, ...first).when(look(day(6)));
    expect(said(cleared)).toEqual(['springs cleared quietly']);
    expect(said(given(statusWatch, ...first, ...cleared).when(met))).toEqual([`springs met by i-1 at ${at(4)}`]);
  });

  it('announces when coverage crosses the share in either direction', () => {
    const coverage = [
      { from: day(-1), value: { enough: false, share: 0 } },
      { from: day(1), value: { enough: true, share: 0.6 } },
      { from: day(2), value: { enough: true, share: 1 } },
      { from: day(3), value: { enough: false, share: 0.2 } },
    ];
    const news = given(statusWatch).when(look(day(4), { coverage }));
    expect(said(news)).toEqual([`restored at ${at(1)}`, `lost at ${at(3)}`]);
    expect(given(statusWatch, ...news).when(look(day(4), { coverage }))).toEqual([]);
  });
});

describe('announcing', () => {
  const status = fc.constantFrom(...STATUSES);
  const someCourse = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 60 }), status), { maxLength: 8 })
    .map((runs) => [...new Map(runs)].sort(([one], [other]) => one - other))
    .map((runs) => mergedSteps(course([-1, 'not_covered'], ...runs)));
  const someCoverage = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.boolean()), { maxLength: 6 })
    .map((runs) => [...new Map(runs)].sort(([one], [other]) => one - other))
    .map((runs): StepHistory<CoverageState> => [
      ...UNWATCHED,
      ...runs.map(([n, enough]) => ({ from: day(n), value: { enough, share: enough ? 0.5 : 0 } })),
    ]);
  const someRedLines = fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c'))
    .map((lines) => lines.map((redLine) => ({ redLine, incident: `i-${redLine}`, at: day(0) })));
  const someLook = fc.record({ status: someCourse, coverage: someCoverage, redLines: someRedLines });
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), someLook, fc.boolean()), {
    minLength: 1,
    maxLength: 6,
  });

  const told = (state: AnnouncedStatus, until: Seconds): readonly (Status | undefined)[] =>
    Array.from({ length: Math.round((until - day(-1)) / DAY) + 1 }, (_, n) => day(n - 1)).map(
      (instant) => stepAt(publishedHistory(SILENT, state), instant)?.value,
    );
  const known = (computed: StepHistory<Status>, until: Seconds): readonly (Status | undefined)[] =>
    Array.from({ length: Math.round((until - day(-1)) / DAY) + 1 }, (_, n) => day(n - 1)).map(
      (instant) => stepAt(computed, instant)?.value,
    );

  it('publishes exactly what is known and nothing twice, in any number of steps', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let state = statusWatch.initialState;
        let now = day(0);
        let watchedUntil: Seconds | null = null;
        for (const [days, facts, crashed] of all) {
          now += days * DAY;
          const command = look(now, { ...facts, watchedUntil });
          state = statusWatch.decide(command, state).reduce(statusWatch.evolve, state);
          expect(told(state, now)).toEqual(known(facts.status, now));
          expect(statusWatch.decide(command, state)).toEqual([]);
          expect(statusWatch.decide({ ...command, watchedUntil: now }, state)).toEqual([]);
          // A crash before the watch stored its progress: it checks again from the earlier instant.
          if (!crashed) watchedUntil = now;
        }
        const [, last] = all.at(-1) ?? [];
        const atOnce = look(now, last);
        const inOneGo = statusWatch
          .decide(atOnce, statusWatch.initialState)
          .reduce(statusWatch.evolve, statusWatch.initialState);
        expect(told(inOneGo, now)).toEqual(told(state, now));
        expect([...inOneGo.metRedLines].sort()).toEqual([...state.metRedLines].sort());
        expect(inOneGo.covered?.enough ?? false).toBe(state.covered?.enough ?? false);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps no more than the steps that it has announced', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let state = statusWatch.initialState;
        for (const [, facts] of all) {
          const command = look(day(61), { ...facts, watchedUntil: null });
          state = statusWatch.decide(command, state).reduce(statusWatch.evolve, state);
          expect(state.announced.length).toBeLessThanOrEqual(facts.status.length + SILENT.length + 1);
        }
      }),
    );
  });
});
