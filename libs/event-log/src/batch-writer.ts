// Writes batches and determines the outcome of each command, even if the connection was lost while writing.
import { isDeepStrictEqual } from 'node:util';
import type { Sql } from '#database';
import type { Settled } from './append-queue.js';
import { writeBatch, type Verdict } from './append.sql.js';
import { Overloaded, type Append, type AppendOutcome, type Position, type StoredEvent } from './event-log.js';
import { isConnectionFailure, isRefusal, isTimeout, isUnavailable, LogUnavailable } from './failures.js';
import { retryAfterConnectionLoss } from './retry.js';
import { readAt, readStreamAfter } from './stored-events.sql.js';

type Results = readonly Settled<AppendOutcome>[];

const RETRY_AFTER_S = 1;

export class BatchWriter {
  constructor(
    private readonly sql: Sql,
    private readonly onAppended: (position: Position) => void,
  ) {}

  async write(batch: readonly Append[]): Promise<Results> {
    try {
      return await this.#outcomes(await writeBatch(this.sql, batch));
    } catch (error) {
      if (isConnectionFailure(error)) return this.#writeAgain(batch);
      if (isRefusal(error)) return batch.map(() => ({ failure: new LogUnavailable(error) }));
      if (isTimeout(error)) return batch.map(() => ({ failure: new Overloaded(RETRY_AFTER_S) }));
      return this.#writeAlone(batch, error);
    }
  }

  /** The connection was lost before the outcome arrived. Retrying is safe: a stored command is not stored twice. */
  async #writeAgain(batch: readonly Append[]): Promise<Results> {
    try {
      const results = await this.#outcomes(await retryAfterConnectionLoss(() => writeBatch(this.sql, batch)));
      return await Promise.all(
        batch.map(async (append, index) => (await this.#stored(append, results[index])) ?? NO_RESULT),
      );
    } catch (error) {
      if (isUnavailable(error)) return batch.map(() => ({ failure: new LogUnavailable(error) }));
      return this.#writeAlone(batch, error);
    }
  }

  /** One invalid command fails the statement and so the batch. Written one by one, only the invalid one fails. */
  async #writeAlone(batch: readonly Append[], error: unknown): Promise<Results> {
    if (batch.length === 1) return [{ failure: error }];
    const results: Settled<AppendOutcome>[] = [];
    for (const append of batch) results.push(...(await this.write([append])));
    return results;
  }

  /** The outcome of the first attempt if that one stored the command, else the outcome of the second. */
  async #stored(
    append: Append,
    result: Settled<AppendOutcome> | undefined,
  ): Promise<Settled<AppendOutcome> | undefined> {
    if (!result || !('answer' in result) || result.answer.kind === 'appended') return result;
    const write = append.writes.find(({ events }) => events.length > 0);
    const [stored] = write ? await readStreamAfter(this.sql, write.stream, write.expected) : [];
    const intendedEvent = write?.events[0]?.event;
    if (
      !stored ||
      !intendedEvent ||
      !isDeepStrictEqual(content(stored), content({ ...intendedEvent, meta: append.meta }))
    ) {
      return result;
    }
    return { answer: { kind: 'appended', position: stored.commandEnd, recordedAt: stored.recordedAt } };
  }

  async #outcomes(verdicts: readonly Verdict[]): Promise<Results> {
    this.onAppended(Math.max(0, ...verdicts.map((verdict) => (verdict.kind === 'appended' ? verdict.position : 0))));
    const repeated = verdicts.flatMap((verdict) => (verdict.kind === 'duplicate' ? [verdict.first] : []));
    const firsts = repeated.length === 0 ? [] : await retryAfterConnectionLoss(() => readAt(this.sql, repeated));
    const byPosition = new Map(firsts.map((first) => [first.position, first]));
    return verdicts.map((verdict) => settle(verdict, byPosition));
  }
}

const NO_RESULT: Settled<AppendOutcome> = { failure: new Error('the log returned no result for this command') };

function settle(verdict: Verdict, firsts: ReadonlyMap<Position, StoredEvent>): Settled<AppendOutcome> {
  if (verdict.kind !== 'duplicate') return { answer: verdict };
  const first = firsts.get(verdict.first);
  return first ? { answer: { kind: 'duplicate', first } } : NO_RESULT;
}

/** As the log returns it: without undefined members. */
function content({ type, data, meta }: Pick<StoredEvent, 'type' | 'data' | 'meta'>): unknown {
  return JSON.parse(JSON.stringify({ type, data, meta }));
}
