// The port of the event log, the only source of truth: append, read, wait. event-log.contract.ts tests its promises.
import type { DomainEvent, EventType, Instant } from '#domain';

/** Global position of an event: 1, 2, 3, ... without gaps, in commit order. */
export type Position = number;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Who issued the command: for a monitor a pseudonym, never the handle. */
export type CommandAuthor = { readonly who: string; readonly role: string; readonly party: string | null };

export type CommandMeta = {
  readonly by: CommandAuthor;
  /** Keyed digest of the command's content, to tell a repeat from a reused id; null for commands that are never resent. */
  readonly fingerprint: string | null;
  /** Correlation id of one command in log lines, events and alerts. */
  readonly correlation: string;
  /**
   * Trace context of the command (https://www.w3.org/TR/trace-context/). Events from before tracing have none; their
   * correlation id may have been chosen by a client and must not be passed on.
   */
  readonly traceparent?: string;
};

export type NewEvent = {
  readonly event: DomainEvent;
  /** Partition key, in Kafka too: one projector folds the events of a key, in order. */
  readonly key: string;
  /** Data that must never leave the intake: stored apart, field by field, and absent from every feed. */
  readonly confidential?: Readonly<Record<string, Json>>;
};

/** `expected` is the stream version that the decision is based on; 0 for a new stream. */
export type StreamWrite = { readonly stream: string; readonly expected: number; readonly events: readonly NewEvent[] };

/** The writes of one command: all are stored, or none. Each stream at most once. */
export type Append = { readonly writes: readonly StreamWrite[]; readonly meta: CommandMeta };

export type StoredEvent = {
  readonly position: Position;
  readonly stream: string;
  /** 1 for the first event of its stream. */
  readonly version: number;
  readonly key: string;
  /** As written, possibly by an older or newer release: `toDomainEvent` converts it to the current event. */
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly meta: CommandMeta;
  readonly recordedAt: Instant;
  /** Position of the last event of the same command. */
  readonly commandEnd: Position;
};

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly position: Position; readonly recordedAt: Instant }
  /** The same command was stored before. `first` is its first event in its first stream. */
  | { readonly kind: 'duplicate'; readonly first: StoredEvent }
  /** The first stream was expected to be new, but another command started it. */
  | { readonly kind: 'id_reused' }
  | { readonly kind: 'conflict'; readonly stream: string; readonly actual: number };

/** Commands of this process that have not been answered yet. */
export type QueueState = {
  readonly commands: number;
  /** Age of the oldest of them, the time of writing included. */
  readonly oldestMs: number;
};

/**
 * Atomic: all events of an append are stored, or none.
 * Durable: an acknowledged append survives any crash.
 * Gapless, in commit order: once a reader has seen position p, no smaller position appears later.
 * Monotone: recordedAt never decreases with position.
 * Bounded: an append that cannot start in time is refused with Overloaded.
 */
export abstract class EventLog {
  abstract readonly queue: QueueState;
  abstract append(append: Append): Promise<AppendOutcome>;
  /**
   * For readiness: null if the log accepts appends now, else one sentence with the reason. It writes a page, so call it
   * every few seconds at most. In a process that may not append it only tests whether the database can be written to.
   */
  abstract whyNotWritable(): Promise<string | null>;
  /** The events of one stream after `afterVersion`, in order. */
  abstract readStream(stream: string, afterVersion?: number): Promise<readonly StoredEvent[]>;
  /** Up to `limit` events after `after`, in order of position. */
  abstract read(after: Position, limit: number): Promise<readonly StoredEvent[]>;
  /** Like `read`, but only events of these types, up to and including `until`. */
  abstract readTypes(types: readonly EventType[], after: Position, until: Position): Promise<readonly StoredEvent[]>;
  /** The last position and when it was recorded; position 0 for an empty log. */
  abstract head(): Promise<{ readonly position: Position; readonly recordedAt: Instant | null }>;
  /** The last position recorded at or before the instant; 0 if there is none. */
  abstract positionAt(instant: Instant): Promise<Position>;
  /** Resolves once an event after `after` can be read, after `timeoutMs`, or when aborted. */
  abstract waitForEventAfter(after: Position, timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** Reads confidential fields. Only the intake and the protection routes are given one. */
export abstract class ConfidentialReader {
  /** The confidential fields of the events at these positions. Positions without any are left out. */
  abstract read(positions: readonly Position[]): Promise<ReadonlyMap<Position, Readonly<Record<string, Json>>>>;
}

/** The append queue is full or too slow: retry after `retryAfterSeconds`. HTTP answers 503. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
  constructor(readonly retryAfterSeconds: number) {
    super('reports arrive faster than the log can store them; nothing was stored, send it again');
  }
}
