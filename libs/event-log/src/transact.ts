// Load, decide, append, and decide again when others wrote first: the one place where deciders meet the log.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '#domain';
import type { CommandMeta, EventLog, NewEvent, Position, StoredEvent, StreamWrite } from './event-log.js';
import { StaleVersion, VersionConflict } from './failures.js';
import { withStreamLocks } from './stream-locks.js';

/** Stream by stream, all that the log knows when the decision is made; empty for a stream that has not begun. */
export type Histories = ReadonlyMap<string, readonly StoredEvent[]>;

/** What a decision adds to one stream. A stream that was not loaded is a new one. */
export type StreamAddition = { readonly stream: string; readonly events: readonly NewEvent[] };

export type Transaction = {
  /**
   * All that the decision rests on; the first is the target. None of them can change between the loading and the
   * writing: where one did, it is decided anew.
   */
  readonly streams: readonly [target: string, ...others: string[]];
  /** Pure: it may be called several times. Throws Refusal or UnknownName; no additions where nothing is new. */
  readonly decide: (histories: Histories) => readonly StreamAddition[];
  readonly meta: CommandMeta;
  /** The target's version that the caller knew; null or left out where they said none. */
  readonly ifMatch?: number | null | undefined;
  /**
   * Given what came after a command of the same content: true where that has been undone or replaced since, so that
   * this one means it anew. Left out: the same content is always a repeat.
   */
  readonly isSuperseded?: (later: readonly StoredEvent[]) => boolean;
};

type Receipt = {
  /** Of the command's last event. */
  readonly position: Position;
  readonly recordedAt: Instant;
  /** Of each stream that was loaded or written, after the command. */
  readonly versions: ReadonlyMap<string, number>;
};

type Appended = Receipt & { readonly outcome: 'appended' };

/** The same command had been stored before, and this is its answer; `first` is its first event in the target stream. */
type Repeated = Receipt & { readonly outcome: 'repeated'; readonly first: StoredEvent };

/** `unchanged`: there was nothing to add. `position` is that of the target's last event, 0 for none. */
type Unchanged = Pick<Receipt, 'position' | 'versions'> & {
  readonly outcome: 'unchanged';
  readonly recordedAt: Instant | null;
};

export type TransactResult = Appended | Repeated | Unchanged;

// Commands on one stream take turns within a process, so only other processes can come between. Two that write all the
// time win in turns, but not strictly so; a pause of random length keeps them from meeting again and again.
const ATTEMPTS_MAX = 20;
const PAUSE_MS = 10;

/**
 * Runs a command against the log. A repeat (an event of the target that carries the same fingerprint, behind the
 * version `ifMatch` where one is given) is answered as the first time, and not decided again.
 * Throws StaleVersion (412), Overloaded, VersionConflict and LogUnavailable (503), and what `decide` throws: an id used
 * again with other content is for `decide` to refuse, which then finds the target begun.
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

/** Null where somebody else wrote first: their facts may change the decision. */
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
      return null; // loading again finds what was written, the same command included
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

/** A loaded stream that gets no event is written too, without one: then its version is checked all the same. */
function writesFor(additions: readonly StreamAddition[], histories: Histories): readonly StreamWrite[] {
  const added = new Set(additions.map(({ stream }) => stream));
  const untouched = [...histories.keys()].filter((stream) => !added.has(stream));
  return [...additions, ...untouched.map((stream) => ({ stream, events: [] }))].map(({ stream, events }) => ({
    stream,
    expected: histories.get(stream)?.length ?? 0,
    events,
  }));
}
