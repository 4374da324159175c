// The log on PostgreSQL.
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Databases } from '#database';
import type { EventType, Instant } from '#domain';
import { AppendQueue, QUEUE_LIMITS, type QueueLimits, type Settled } from './append-queue.js';
import { malformed, writeBatch, type Verdict } from './batch.js';
import { EventLog, Overloaded, type Append, type Outcome, type Position, type StoredEvent } from './event-log.js';
import { isConnectionFailure, isTimeOut, LogUnavailable } from './failures.js';
import { HeadWatch } from './head-watch.js';
import { readAfter, readAt, readHead, readPositionAt, readStreamAfter, readTypesWithin } from './stored-events.js';

// A server that restarts, or a killed connection's backend that is still at it, needs a moment.
const PAUSE_BEFORE_RETRY_MS = 100;
const RETRY_AFTER_S = 1;

/**
 * Appends with the rights of `databases.intake`, reads the log with those of `databases.analysis`. It owns neither:
 * `close` it first, then the databases.
 */
export class PostgresEventLog extends EventLog {
  readonly #queue: AppendQueue<Outcome>;
  readonly #head: HeadWatch;

  constructor(
    private readonly databases: Databases,
    limits: Partial<QueueLimits> = {},
  ) {
    super();
    this.#queue = new AppendQueue((batch) => this.#write(batch), { ...QUEUE_LIMITS, ...limits });
    this.#head = new HeadWatch(async () => (await readHead(databases.analysis)).position);
  }

  override append(append: Append): Promise<Outcome> {
    const fault = malformed(append);
    return fault === null ? this.#queue.add(append) : Promise.reject(new TypeError(fault));
  }

  override readStream(stream: string, afterVersion = 0): Promise<readonly StoredEvent[]> {
    return retriedOnce(() => readStreamAfter(this.databases.intake, stream, afterVersion));
  }

  override read(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return retriedOnce(() => readAfter(this.databases.analysis, after, limit));
  }

  override readTypes(types: readonly EventType[], after: Position, until: Position): Promise<readonly StoredEvent[]> {
    return retriedOnce(() => readTypesWithin(this.databases.analysis, types, after, until));
  }

  override head(): Promise<{ readonly position: Position; readonly recordedAt: Instant | null }> {
    return retriedOnce(() => readHead(this.databases.analysis));
  }

  override positionAt(instant: Instant): Promise<Position> {
    return retriedOnce(() => readPositionAt(this.databases.analysis, instant));
  }

  override appended(after: Position, patienceMs: number, signal: AbortSignal): Promise<void> {
    return this.#head.beyond(after, patienceMs, signal);
  }

  /** Resolves once what was handed in has been written. */
  close(): Promise<void> {
    return this.#queue.idle();
  }

  async #write(batch: readonly Append[]): Promise<readonly Settled<Outcome>[]> {
    try {
      return await this.#outcomes(batch, await writeBatch(this.databases.intake, batch));
    } catch (error) {
      if (isConnectionFailure(error)) return this.#writeAgain(batch);
      if (isTimeOut(error)) return batch.map(() => ({ failure: new Overloaded(RETRY_AFTER_S) }));
      if (batch.length === 1) return [{ failure: error }];
      // PostgreSQL cannot take one of them, and so took none: each alone, and only the bad one fails.
      const alone: Settled<Outcome>[] = [];
      for (const append of batch) alone.push(...(await this.#write([append])));
      return alone;
    }
  }

  /** The connection was lost, with the outcome. Writing again tells, for what was stored cannot be stored twice. */
  async #writeAgain(batch: readonly Append[]): Promise<readonly Settled<Outcome>[]> {
    try {
      await sleep(PAUSE_BEFORE_RETRY_MS);
      const settled = await this.#outcomes(batch, await writeBatch(this.databases.intake, batch));
      return await Promise.all(settled.map(async (one, index) => (await this.#ours(batch[index], one)) ?? one));
    } catch (error) {
      return batch.map(() => ({ failure: new LogUnavailable(error) }));
    }
  }

  /** Where the first try did store the command: its outcome. */
  async #ours(append: Append | undefined, settled: Settled<Outcome>): Promise<Settled<Outcome> | null> {
    const write = append?.writes.find(({ events }) => events.length > 0);
    if (!append || !write || !('answer' in settled) || settled.answer.kind === 'appended') return null;
    const [stored] = await readStreamAfter(this.databases.intake, write.stream, write.expected);
    const [intended] = write.events;
    if (
      !stored ||
      !intended ||
      !isDeepStrictEqual(contentOf(stored), plain(contentOf({ ...intended.event, ...append })))
    )
      return null;
    return { answer: { kind: 'appended', position: stored.commandEnd, recordedAt: stored.recordedAt } };
  }

  async #outcomes(batch: readonly Append[], verdicts: readonly Verdict[]): Promise<readonly Settled<Outcome>[]> {
    if (verdicts.length !== batch.length) throw new Error(`${verdicts.length} verdicts for ${batch.length} commands`);
    this.#head.saw(Math.max(0, ...verdicts.map((verdict) => (verdict.kind === 'appended' ? verdict.position : 0))));
    const repeated = verdicts.flatMap((verdict) => (verdict.kind === 'duplicate' ? [verdict.first] : []));
    const firsts = repeated.length === 0 ? [] : await retriedOnce(() => readAt(this.databases.intake, repeated));
    const byPosition = new Map(firsts.map((first) => [first.position, first]));
    return verdicts.map((verdict) => settle(verdict, byPosition));
  }
}

function settle(verdict: Verdict, firsts: ReadonlyMap<Position, StoredEvent>): Settled<Outcome> {
  if (verdict.kind !== 'duplicate') return { answer: verdict };
  const first = firsts.get(verdict.first);
  return first ? { answer: { kind: 'duplicate', first } } : { failure: new Error(`no event at ${verdict.first}`) };
}

/** Reads may be repeated: after a connection was lost, once. */
async function retriedOnce<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isConnectionFailure(error)) throw error;
  }
  await sleep(PAUSE_BEFORE_RETRY_MS);
  return read();
}

function contentOf({ type, data, meta }: Pick<StoredEvent, 'type' | 'data' | 'meta'>): unknown {
  return { type, data, meta };
}

// As the log gives it back: without members that are undefined.
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
