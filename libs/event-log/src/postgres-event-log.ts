// The event log on PostgreSQL.
import type { Databases } from '#database';
import type { EventType, Instant } from '#domain';
import { AppendQueue, QUEUE_LIMITS, type QueueLimits } from './append-queue.js';
import { BatchWriter } from './batch-writer.js';
import { malformed } from './append.sql.js';
import {
  EventLog,
  type Append,
  type AppendOutcome,
  type Position,
  type QueueState,
  type StoredEvent,
} from './event-log.js';
import { notWritableReason, probeAppend, probeWrite } from './write-probe.sql.js';
import { HeadWatch } from './head-watch.js';
import { retryAfterConnectionLoss } from './retry.js';
import { readAfter, readHead, readPositionAt, readStreamAfter, readTypesWithin } from './stored-events.sql.js';

/**
 * Appends through `databases.intake` and reads the log through `databases.analysis`. It does not own the pools: close
 * the log first, then the databases.
 */
export class PostgresEventLog extends EventLog {
  readonly #queue: AppendQueue<AppendOutcome>;
  readonly #head: HeadWatch;

  constructor(
    private readonly databases: Databases,
    limits: Partial<QueueLimits> = {},
  ) {
    super();
    this.#head = new HeadWatch(async () => (await readHead(databases.analysis)).position);
    const writer = new BatchWriter(databases.intake, (position) => {
      this.#head.advanceTo(position);
    });
    this.#queue = new AppendQueue((batch) => writer.write(batch), { ...QUEUE_LIMITS, ...limits });
  }

  override get queue(): QueueState {
    return this.#queue.state;
  }

  override append(append: Append): Promise<AppendOutcome> {
    const fault = malformed(append);
    return fault === null ? this.#queue.add(append) : Promise.reject(new TypeError(fault));
  }

  override async whyNotWritable(): Promise<string | null> {
    const { access, intake } = this.databases;
    try {
      await (access === 'read' ? probeWrite(intake) : probeAppend(intake));
      return null;
    } catch (error) {
      return notWritableReason(error);
    }
  }

  override readStream(stream: string, afterVersion = 0): Promise<readonly StoredEvent[]> {
    return retryAfterConnectionLoss(() => readStreamAfter(this.databases.intake, stream, afterVersion));
  }

  override read(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return retryAfterConnectionLoss(() => readAfter(this.databases.analysis, after, limit));
  }

  override readTypes(types: readonly EventType[], after: Position, until: Position): Promise<readonly StoredEvent[]> {
    return retryAfterConnectionLoss(() => readTypesWithin(this.databases.analysis, types, after, until));
  }

  override head(): Promise<{ readonly position: Position; readonly recordedAt: Instant | null }> {
    return retryAfterConnectionLoss(() => readHead(this.databases.analysis));
  }

  override positionAt(instant: Instant): Promise<Position> {
    return retryAfterConnectionLoss(() => readPositionAt(this.databases.analysis, instant));
  }

  override waitForEventAfter(after: Position, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return this.#head.waitForPositionAfter(after, timeoutMs, signal);
  }

  /** Resolves once all queued appends have been written. */
  close(): Promise<void> {
    return this.#queue.idle();
  }
}
