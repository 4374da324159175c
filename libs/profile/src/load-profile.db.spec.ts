import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '#event-log';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { astanaProfile } from './astana-profile.js';
import { loadAstanaProfile } from './load-profile.js';

const profile = astanaProfile();

let database: TestDatabase;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.drop());

/** In no particular order: the second of two loads fills gaps at earlier streams. */
function streamsAndData(events: readonly StoredEvent[]): readonly (readonly [string, unknown])[] {
  return events.map(({ stream, data }) => [stream, data] as const).sort(([one], [other]) => (one < other ? -1 : 1));
}

const whole = profile
  .map(({ stream, event }) => [stream, event.data] as const)
  .sort(([one], [other]) => (one < other ? -1 : 1));

describe('the Astana profile', () => {
  it('is loaded once', async () => {
    expect(await loadAstanaProfile(database.log)).toBe(profile.length);
    expect(await loadAstanaProfile(database.log)).toBe(0);
    const events = await database.log.read(0, 1000);
    expect(events.map(({ stream }) => stream)).toEqual(profile.map(({ stream }) => stream));
    expect(streamsAndData(events)).toEqual(whole);
    expect(new Set(events.map(({ version }) => version))).toEqual(new Set([1]));
  });

  it('is completed where a load was cut short, in the middle and at the end', async () => {
    const there = profile.filter((_, index) => index % 3 === 1).slice(0, 80);
    await database.log.append({
      writes: there.map(({ stream, event }) => ({ stream, expected: 0, events: [{ event, key: stream }] })),
      meta: { by: { who: 'before', role: 'operator', party: null }, fingerprint: null, correlation: 'before' },
    });
    expect(await loadAstanaProfile(database.log)).toBe(profile.length - there.length);
    expect(streamsAndData(await database.log.read(0, 1000))).toEqual(whole);
  });

  it('is loaded once by three who load it at the same time', async () => {
    const loaded = await Promise.all([1, 2, 3].map(() => loadAstanaProfile(database.log)));
    expect(loaded.reduce((sum, each) => sum + each, 0)).toBe(profile.length);
    expect(streamsAndData(await database.log.read(0, 1000))).toEqual(whole);
  });
});
