// Load, decide, append, and retry on conflict: the one place where deciders use the log.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '#domain';
import type { CommandMeta, EventLog, NewEvent, Position, StoredEvent, StreamWrite } from './event-log.js';
import { StaleVersion, VersionConflict } from './failures.js';
import { withStreamLocks } from './stream-locks.js';

/** All events of each loaded stream at the time of the decision; empty for a new stream. */
export type Histories = ReadonlyMap<string, readonly StoredEvent[]>;

/** Events that a decision adds to one stream. A stream that was not loaded is expected to be new. */
export type StreamAddition = { readonly stream: string; readonly events: readonly NewEvent[] };

export type Transaction = {
  /**
   * Streams that the decision is based on; the first is the target. If one of them changes between load and append,
   * the decision is made again.
   */
  readonly streams: readonly [target: string, ...others: string[]];
  /** Pure: it may be called several times. Throws Refusal or UnknownName. Returns nothing if there is nothing to add. */
  readonly decide: (histories: Histories) => readonly StreamAddition[];
  readonly meta: CommandMeta;
  /** The target's version that the caller expects; null or absent if the caller gave none. */
  readonly ifMatch?: number | null | undefined;
  /**
   * Given the events after an earlier command with the same content: true if that command has been undone or replaced
   * since, so that this one is a new command. If absent, the same content is always a repeat.
   */
  readonly isSuperseded?: (later: readonly StoredEvent[]) => boolean;
};

type Receipt = {
  /** Position of the command's last event. */
  readonly position: Position;
  readonly recordedAt: Instant;
  /** Version of each loaded or written stream after the command. */
  readonly versions: ReadonlyMap<string, number>;
};

type Appended = Receipt & { readonly outcome: 'appended' };

/** The same command was stored before: its original result. `first` is its first event in the target stream. */
type Repeated = Receipt & { readonly outcome: 'repeated'; readonly first: StoredEvent };

/** `unchanged`: there was nothing to add. `position` is that of the target's last event, 0 for none. */
type Unchanged = Pick<Receipt, 'position' | 'versions'> & {
  readonly outcome: 'unchanged';
  readonly recordedAt: Instant | null;
};

export type TransactResult = Appended | Repeated | Unchanged;

// Within a process, commands on one stream run one at a time, so only other processes can conflict. A random pause keeps
// two busy processes from conflicting again and again.
const ATTEMPTS_MAX = 20;
const PAUSE_MS = 10;

/**
 * Runs a command against the log. A repeat (the target has an event with the same fingerprint, after version `ifMatch`
 * if one is given) gets the result of the first time and is not decided again.
 * Throws StaleVersion (412), Overloaded, VersionConflict and LogUnavailable (503), and whatever `decide` throws. `decide`
 * itself refuses an id that is reused with other content: it finds events in the target.
 */
export function transact(log: EventLog, transaction: Transaction): Promise<TransactResult> {
  return withStreamLocks(log, transaction.streams, async () => {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const done = await tryOnce(log, transaction);
      if (done) return done;
      await sleep(Math.random() * PAUSE_MS);
    }
    throw new VersionConflict(transaction.streams[0], ATTEMPTS_MAX);
  });
}

/** Null if another writer was first: its events may change the decision. */
async function tryOnce(log: EventLog, transaction: Transaction): Promise<TransactResult | null> {
  const histories = await load(log, transaction.streams);
  const target = histories.get(transaction.streams[0]) ?? [];
  const repeated = repeatedCommand(target, transaction);
  if (repeated) return repeatedResult(repeated, histories);
  refuseStale(target.length, transaction);
  const additions = transaction.decide(histories).filter(({ events }) => events.length > 0);
  if (additions.length === 0) return unchangedResult(target, histories);
  const writes = writesFor(additions, histories);
  const outcome = await log.append({ writes, meta: transaction.meta });
  switch (outcome.kind) {
    case 'appended': {
      const { position, recordedAt } = outcome;
      const versions = new Map(writes.map(({ stream, expected, events }) => [stream, expected + events.length]));
      return { outcome: 'appended', position, recordedAt, versions };
    }
    case 'duplicate':
    case 'id_reused':
    case 'conflict':
      return null; // loading again finds what was written, be it the same command
  }
}

async function load(log: EventLog, streams: readonly string[]): Promise<Histories> {
  return new Map(await Promise.all(streams.map(async (stream) => [stream, await log.readStream(stream)] as const)));
}

function repeatedCommand(target: readonly StoredEvent[], transaction: Transaction): StoredEvent | undefined {
  const { meta, ifMatch, isSuperseded } = transaction;
  if (meta.fingerprint === null) return undefined;
  const known = target.filter(({ version }) => version > (ifMatch ?? 0));
  const last = known.findLast((stored) => stored.meta.fingerprint === meta.fingerprint);
  if (!last || isSuperseded?.(target.slice(last.version)) === true) return undefined;
  return known.find(({ commandEnd }) => commandEnd === last.commandEnd);
}

function repeatedResult(first: StoredEvent, histories: Histories): TransactResult {
  const versions = new Map(
    [...histories].map(([stream, history]) => [
      stream,
      history.filter(({ position }) => position <= first.commandEnd).length,
    ]),
  );
  return { outcome: 'repeated', position: first.commandEnd, recordedAt: first.recordedAt, versions, first };
}

function refuseStale(actual: number, { streams, ifMatch }: Transaction): void {
  if (ifMatch !== undefined && ifMatch !== null && ifMatch !== actual) {
    throw new StaleVersion(streams[0], ifMatch, actual);
  }
}

function unchangedResult(target: readonly StoredEvent[], histories: Histories): TransactResult {
  const last = target.at(-1);
  const versions = new Map([...histories].map(([stream, history]) => [stream, history.length]));
  return { outcome: 'unchanged', position: last?.position ?? 0, recordedAt: last?.recordedAt ?? null, versions };
}

/** Loaded streams without new events are included with an empty write, so that their version is checked too. */
function writesFor(additions: readonly StreamAddition[], histories: Histories): readonly StreamWrite[] {
  const added = new Set(additions.map(({ stream }) => stream));
  const untouched = [...histories.keys()].filter((stream) => !added.has(stream));
  return [...additions, ...untouched.map((stream) => ({ stream, events: [] }))].map(({ stream, events }) => ({
    stream,
    expected: histories.get(stream)?.length ?? 0,
    events,
  }));
}
