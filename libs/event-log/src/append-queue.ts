// Group commit without a timer: while one batch is being written, the next one fills.
import { Overloaded, type Append, type QueueState } from './event-log.js';

export type QueueLimits = {
  /** Above about 64 commands or 200 events a batch gains nothing: parsing it costs more than the saved flush. */
  readonly batchCommands: number;
  readonly batchEvents: number;
  /** A command that has waited longer is refused. */
  readonly waitMs: number;
  /** Length of the queue. Further commands are refused. */
  readonly queuedCommands: number;
};

export const QUEUE_LIMITS: QueueLimits = { batchCommands: 64, batchEvents: 200, waitMs: 5_000, queuedCommands: 10_000 };

type PendingAppend<Answer> = {
  readonly append: Append;
  readonly since: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

/** Result of one command of a batch. */
export type Settled<Answer> = { readonly answer: Answer } | { readonly failure: unknown };

const RETRY_AFTER_S = 1;
// Scanning further for commands on other streams costs more than it gains.
const LOOK_AHEAD_BATCHES = 8;

export class AppendQueue<Answer> {
  #pending: PendingAppend<Answer>[] = [];
  #inFlight: readonly PendingAppend<Answer>[] = [];
  #writing: Promise<void> | null = null;
  #shedTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly write: (batch: readonly Append[]) => Promise<readonly Settled<Answer>[]>,
    private readonly limits: QueueLimits,
  ) {}

  get state(): QueueState {
    const all = [...this.#inFlight, ...this.#pending];
    const oldest = all.reduce((one, { since }) => Math.min(one, since), Infinity);
    return { commands: all.length, oldestMs: all.length === 0 ? 0 : performance.now() - oldest };
  }

  add(append: Append): Promise<Answer> {
    if (this.#pending.length >= this.limits.queuedCommands) return Promise.reject(new Overloaded(RETRY_AFTER_S));
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#pending.push({ append, since: performance.now(), resolve, reject });
    });
    this.#writing ??= this.#writeAll();
    return answer;
  }

  /** Resolves once nothing is being written or waiting. */
  async idle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // Callers in the same turn of the event loop still join the first batch.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const batch = this.#takeBatch();
      this.#shedTimer ??= this.#scheduleShedding();
      await this.#writeBatch(batch);
    }
    if (this.#shedTimer) clearTimeout(this.#shedTimer);
    this.#shedTimer = null;
    this.#writing = null;
  }

  async #writeBatch(batch: readonly PendingAppend<Answer>[]): Promise<void> {
    this.#inFlight = batch;
    const settled = await this.write(batch.map(({ append }) => append)).catch((failure: unknown) =>
      batch.map(() => ({ failure })),
    );
    this.#inFlight = [];
    for (const [index, { resolve, reject }] of batch.entries()) {
      const result = settled[index] ?? { failure: new Error('the log returned no result for this command') };
      if ('answer' in result) resolve(result.answer);
      else reject(result.failure);
    }
  }

  /** In order of arrival. A stream occurs at most once, and no command overtakes a waiting one on the same stream. */
  #takeBatch(): readonly PendingAppend<Answer>[] {
    const { batchCommands, batchEvents } = this.limits;
    const batch: PendingAppend<Answer>[] = [];
    const postponed: PendingAppend<Answer>[] = [];
    const streams = new Set<string>();
    let events = 0;
    let scanned = 0;
    for (const waiting of this.#pending) {
      const size = eventsIn(waiting.append);
      if (batch.length === batchCommands || scanned === batchCommands * LOOK_AHEAD_BATCHES) break;
      if (batch.length > 0 && events + size > batchEvents) break;
      scanned += 1;
      const names = waiting.append.writes.map(({ stream }) => stream);
      const free = names.every((stream) => !streams.has(stream));
      for (const stream of names) streams.add(stream);
      (free ? batch : postponed).push(waiting);
      if (free) events += size;
    }
    this.#pending = [...postponed, ...this.#pending.slice(scanned)];
    return batch;
  }

  // A batch may be held up by a slow disk or another writer, so a timer refuses commands that waited too long.
  #scheduleShedding(): NodeJS.Timeout {
    return setTimeout(() => {
      const tooOld = performance.now() - this.limits.waitMs;
      const shed = this.#pending.filter(({ since }) => since <= tooOld);
      this.#pending = this.#pending.filter(({ since }) => since > tooOld);
      for (const { reject } of shed) reject(new Overloaded(RETRY_AFTER_S));
      this.#shedTimer = this.#scheduleShedding();
    }, this.#msUntilOldestExpires());
  }

  #msUntilOldestExpires(): number {
    const oldest = this.#pending[0]?.since ?? performance.now();
    return Math.max(1, oldest + this.limits.waitMs - performance.now());
  }
}

function eventsIn({ writes }: Append): number {
  return writes.reduce((sum, { events }) => sum + events.length, 0);
}
