// The port of the only truth: append, read, wait. Its promises are proven by event-log.contract.ts.
import type { DomainEvent, EventType, Instant } from '#domain';

/** The place of an event among all events: 1, 2, 3, ... without gaps, in the order of commit. */
export type Position = number;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Who acted, as far as the log may tell: a pseudonym for a monitor, never a handle. */
export type CommandAuthor = { readonly who: string; readonly role: string; readonly party: string | null };

export type CommandMeta = {
  readonly by: CommandAuthor;
  /** Keyed digest of the command's content; null for what is never sent twice. It tells a repeat from a reused id. */
  readonly fingerprint: string | null;
  /** Follows one command through log lines, events, alerts. */
  readonly correlation: string;
  /**
   * The trace that the command belongs to (https://www.w3.org/TR/trace-context/). What was written before there were
   * traces has none, and its correlation may be one that a client made: that one goes nowhere.
   */
  readonly traceparent?: string;
};

export type NewEvent = {
  readonly event: DomainEvent;
  /** Events of one key are folded in order by one projector; it is Kafka's key too. */
  readonly key: string;
  /** What must never leave the intake: kept apart, by field, and gone from every feed. */
  readonly confidential?: Readonly<Record<string, Json>>;
};

/** `expected` is the stream's version that the decision rests on; 0: the stream is new. */
export type StreamWrite = { readonly stream: string; readonly expected: number; readonly events: readonly NewEvent[] };

/** All of a command's writes are in the log, or none is. Each stream at most once. */
export type Append = { readonly writes: readonly StreamWrite[]; readonly meta: CommandMeta };

export type StoredEvent = {
  readonly position: Position;
  readonly stream: string;
  /** 1 for the first event of its stream. */
  readonly version: number;
  readonly key: string;
  /** As written, perhaps by an older program, or by a newer one: `toDomainEvent` of the domain makes today's event of it. */
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly meta: CommandMeta;
  readonly recordedAt: Instant;
  /** The last position that the same command wrote. */
  readonly commandEnd: Position;
};

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly position: Position; readonly recordedAt: Instant }
  /** The first stream was begun by the same command before: `first` is what it wrote there first. */
  | { readonly kind: 'duplicate'; readonly first: StoredEvent }
  /** The first stream should have been new, and was begun by another command. */
  | { readonly kind: 'id_reused' }
  | { readonly kind: 'conflict'; readonly stream: string; readonly actual: number };

/** What has been handed in and not answered yet, in this process. */
export type QueueState = {
  readonly commands: number;
  /** How long the oldest of them has waited, being written included. */
  readonly oldestMs: number;
};

/**
 * Atomic: all events of an append are in the log or none is.
 * Durable: what an outcome tells survives any crash.
 * Gapless and in commit order: once a reader has seen position p, nothing smaller ever appears.
 * Monotone: recordedAt never runs backwards with position.
 * Bounded: an append that cannot be begun in time is refused with Overloaded.
 */
export abstract class EventLog {
  abstract readonly queue: QueueState;
  abstract append(append: Append): Promise<AppendOutcome>;
  /** The events of one stream, from `afterVersion` on, in order. */
  abstract readStream(stream: string, afterVersion?: number): Promise<readonly StoredEvent[]>;
  /** Up to `limit` events behind `after`, in order of position. */
  abstract read(after: Position, limit: number): Promise<readonly StoredEvent[]>;
  /** Like `read`, but only events of these types, and none behind `until`. */
  abstract readTypes(types: readonly EventType[], after: Position, until: Position): Promise<readonly StoredEvent[]>;
  /** The last position and its time; position 0 for an empty log. */
  abstract head(): Promise<{ readonly position: Position; readonly recordedAt: Instant | null }>;
  /** The last position that was recorded at or before the instant; 0 where there is none. */
  abstract positionAt(instant: Instant): Promise<Position>;
  /** Resolves once an event behind `after` can be read, or after `patienceMs`, or when aborted. */
  abstract waitForEventAfter(after: Position, patienceMs: number, signal: AbortSignal): Promise<void>;
}

/** The door to the confidential parts. Only the intake and the protection routes hold one. */
export abstract class ConfidentialReader {
  /** Field by field, what was kept apart with the events at these positions. */
  abstract read(positions: readonly Position[]): Promise<ReadonlyMap<Position, Readonly<Record<string, Json>>>>;
}

/** The queue in front of the log is too old: ask again after `retryAfterSeconds`. The edge answers 503. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
  constructor(readonly retryAfterSeconds: number) {
    super('the log takes reports in more slowly than they arrive; nothing was stored, send it again');
  }
}
