// The event log on PostgreSQL.
import { randomUUID } from 'node:crypto';
import type { Databases } from '#database';
import type { EventType, Instant } from '#domain';
import { AppendNotifier } from './append-notifier.js';
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
import { listenForAppends, notifyAppended } from './head-notifications.sql.js';
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
  readonly #notifier: AppendNotifier;

  constructor(
    private readonly databases: Databases,
    limits: Partial<QueueLimits> = {},
  ) {
    super();
    const { analysis, intake } = databases;
    // Tells its own notifications from those of other processes.
    const self = randomUUID();
    this.#head = new HeadWatch({
      readHead: async () => (await readHead(analysis)).position,
      listen: (onChange) => listenForAppends(analysis, self, onChange),
    });
    this.#notifier = new AppendNotifier(() => notifyAppended(intake, self));
    const writer = new BatchWriter(intake, (position) => {
      this.#head.advanceTo(position);
      if (position > 0) this.#notifier.appended();
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

  /** Resolves once all queued appends have been written and other processes have been notified. */
  async close(): Promise<void> {
    await this.#queue.idle();
    await this.#notifier.idle();
    await this.#head.close();
  }
}
