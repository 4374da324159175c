// The event log in memory: it keeps the contract of the port, so that specs of handlers need no database.
import { SCHEMA_VERSIONS, type EventType, type Instant } from '#domain';
import { malformed } from './append.sql.js';
import {
  ConfidentialReader,
  EventLog,
  type Append,
  type AppendOutcome,
  type Json,
  type Position,
  type QueueState,
  type StoredEvent,
  type StreamWrite,
} from './event-log.js';

const MAX_VERSION = 2 ** 31 - 1; // PostgreSQL's integer
const FIRST_INSTANT = Date.parse('2017-01-15T00:00:00.000Z');

type Fields = Readonly<Record<string, Json>>;
type Waiter = { readonly after: Position; readonly wake: () => void };

/** One millisecond later with each call: the same test records the same instants in every run. */
export function tickingClock(): () => Instant {
  let ticks = 0;
  return () => new Date(FIRST_INSTANT + ticks++).toISOString();
}

export class MemoryEventLog extends EventLog {
  override readonly queue: QueueState = { commands: 0, oldestMs: 0 };
  /** The confidential fields of this log's events. */
  readonly confidential: ConfidentialReader = new MemoryConfidentialReader((position) => this.#fields.get(position));
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #fields = new Map<Position, Fields>();
  readonly #waiters = new Set<Waiter>();

  constructor(private readonly now: () => Instant = tickingClock()) {
    super();
  }

  override append(append: Append): Promise<AppendOutcome> {
    return new Promise((resolve) => {
      resolve(this.#append(append));
    });
  }

  override whyNotWritable(): Promise<string | null> {
    return Promise.resolve(null);
  }

  override readStream(stream: string, afterVersion = 0): Promise<readonly StoredEvent[]> {
    return Promise.resolve(this.#stream(stream).slice(afterVersion));
  }

  override read(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return Promise.resolve(this.#events.slice(after, after + limit));
  }

  override readTypes(types: readonly EventType[], after: Position, until: Position): Promise<readonly StoredEvent[]> {
    const wanted = new Set<string>(types);
    return Promise.resolve(this.#events.slice(after, until).filter(({ type }) => wanted.has(type)));
  }

  override head(): ReturnType<EventLog['head']> {
    return Promise.resolve({ position: this.#events.length, recordedAt: this.#events.at(-1)?.recordedAt ?? null });
  }

  override positionAt(instant: Instant): Promise<Position> {
    return Promise.resolve(this.#events.findLast(({ recordedAt }) => recordedAt <= instant)?.position ?? 0);
  }

  override async waitForEventAfter(after: Position, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (this.#events.length > after || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiters.delete(waiter);
        clearTimeout(timeout);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter = { after, wake };
      const timeout = setTimeout(wake, timeoutMs);
      signal.addEventListener('abort', wake, { once: true });
      this.#waiters.add(waiter);
    });
  }

  // Without an await between the check and the write: nothing else can write in between.
  #append(append: Append): AppendOutcome {
    const fault = malformed(append);
    if (fault !== null) throw new TypeError(fault);
    const refusal = this.#refusal(append);
    if (refusal) return refusal;
    const recordedAt = this.now();
    const commandEnd = this.#events.length + append.writes.reduce((sum, { events }) => sum + events.length, 0);
    for (const write of append.writes) this.#write(write, { meta: append.meta, recordedAt, commandEnd });
    for (const { after, wake } of [...this.#waiters]) if (after < commandEnd) wake();
    return { kind: 'appended', position: commandEnd, recordedAt };
  }

  #refusal({ writes, meta }: Append): AppendOutcome | null {
    for (const [index, { stream, expected }] of writes.entries()) {
      if (expected > MAX_VERSION) throw new RangeError(`version ${expected} of ${stream} is out of range`);
      const [first, ...later] = this.#stream(stream);
      const actual = first ? later.length + 1 : 0;
      if (actual === expected) continue;
      const mayBeRepeat = index === 0 && expected === 0 && meta.fingerprint !== null;
      if (!first || !mayBeRepeat) return { kind: 'conflict', stream, actual };
      return first.meta.fingerprint === meta.fingerprint ? { kind: 'duplicate', first } : { kind: 'id_reused' };
    }
    return null;
  }

  #write({ stream, events }: StreamWrite, command: Pick<StoredEvent, 'meta' | 'recordedAt' | 'commandEnd'>): void {
    const stored = this.#stream(stream);
    for (const { event, key, confidential } of events) {
      const position = this.#events.length + 1;
      const { type, data } = event;
      const place = { position, stream, version: stored.length + 1, key, type, schemaVersion: SCHEMA_VERSIONS[type] };
      const record: StoredEvent = { ...place, ...asJson({ data, ...command }) };
      this.#events.push(record);
      stored.push(record);
      if (confidential) this.#fields.set(position, asJson(confidential));
    }
    if (stored.length > 0) this.#streams.set(stream, stored);
  }

  #stream(stream: string): StoredEvent[] {
    return this.#streams.get(stream) ?? [];
  }
}

class MemoryConfidentialReader extends ConfidentialReader {
  constructor(private readonly fieldsAt: (position: Position) => Fields | undefined) {
    super();
  }

  override read(positions: readonly Position[]): Promise<ReadonlyMap<Position, Fields>> {
    return Promise.resolve(
      new Map(
        positions.flatMap((position) => {
          const fields = this.fieldsAt(position);
          return fields ? [[position, fields] as const] : [];
        }),
      ),
    );
  }
}

/** As PostgreSQL gives it back: a copy, without members that are undefined. */
function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
