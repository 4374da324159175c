// Loads the profile into a log. Loading it again adds only what is missing.
import type { EventType } from '#domain';
import type { Append, EventLog } from '#event-log';
import { astanaProfile, type ProfileEntry } from './astana-profile.js';

const ENTRIES_PER_APPEND = 100;
// Another process may be loading too. In each round at least one of them appends something.
const ROUNDS_MAX = 20;
const META: Append['meta'] = {
  by: { who: 'astana-profile', role: 'operator', party: null },
  fingerprint: null,
  correlation: 'astana-profile',
};

/**
 * Appends the entries of the Astana profile that the log does not have yet. Returns the number of appended events.
 * The next load completes one that was interrupted, because each append is atomic.
 */
export async function loadAstanaProfile(log: EventLog): Promise<number> {
  const profile = astanaProfile();
  let appended = 0;
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const missing = missingFrom(profile, await streamsOf(log, profile));
    if (missing.length === 0) return appended;
    const outcome = await log.append(appendOf(missing.slice(0, ENTRIES_PER_APPEND)));
    if (outcome.kind === 'appended') appended += Math.min(missing.length, ENTRIES_PER_APPEND);
  }
  throw new Error('The profile could not be loaded: another process keeps writing the same streams.');
}

export function missingFrom(profile: readonly ProfileEntry[], streams: ReadonlySet<string>): readonly ProfileEntry[] {
  return profile.filter(({ stream }) => !streams.has(stream));
}

function appendOf(entries: readonly ProfileEntry[]): Append {
  const writes = entries.map(({ stream, event }) => ({ stream, expected: 0, events: [{ event, key: stream }] }));
  return { writes, meta: META };
}

async function streamsOf(log: EventLog, profile: readonly ProfileEntry[]): Promise<ReadonlySet<string>> {
  const types = [...new Set(profile.map(({ event }): EventType => event.type))];
  const { position } = await log.head();
  return new Set((await log.readTypes(types, 0, position)).map(({ stream }) => stream));
}
