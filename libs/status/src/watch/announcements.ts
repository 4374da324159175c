// The announced state of every stream, and the only code that appends announcements.
import {
  toDomainEvent,
  statusWatch,
  type AnnouncedStatus,
  type AnnounceStatus,
  type EventType,
  type StatusEvent,
} from '#domain';
import type { CommandMeta, EventLog, Position, StoredEvent } from '#event-log';
import { newTraceContext, type TraceContext } from '#platform';

const TYPES = [
  'StatusChanged',
  'StatusRestated',
  'RedLineMet',
  'RedLineCleared',
  'CoverageLost',
  'CoverageRestored',
] as const satisfies readonly (EventType & StatusEvent['type'])[];

type Announced = { readonly version: number; readonly state: AnnouncedStatus };

const NOTHING: Announced = { version: 0, state: statusWatch.initialState };
/** Positions read at a time while catching up, to bound memory. */
const PAGE = 50_000;
const ATTEMPTS_MAX = 8;

export class Announcements {
  readonly #streams = new Map<string, Announced>();
  #read: Position = 0;
  #restsOn: Position = 0;

  constructor(
    private readonly log: EventLog,
    /** For the log lines. */
    private readonly onAnnounced: (what: string, trail: TraceContext) => void,
  ) {}

  /** The highest `restsOn` of the announcements that this process has seen. */
  get restsOn(): Position {
    return this.#restsOn;
  }

  /** Reads the announcements made before this process started. */
  async catchUp(): Promise<void> {
    const { position: head } = await this.log.head();
    while (this.#read < head) {
      const until = Math.min(this.#read + PAGE, head);
      for (const stored of await this.log.readTypes(TYPES, this.#read, until)) this.#fold(stored);
      this.#read = until;
    }
  }

  /**
   * Appends the new announcements and returns their number. Concurrent announcements of other processes are respected.
   * `cause`: the position of the event that caused the change; null: time alone caused it.
   */
  async announce(command: AnnounceStatus, cause: Position | null): Promise<number> {
    const stream = `status-${command.lens}-${command.region}`;
    let trail: TraceContext | null = null;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const { version, state } = this.#streams.get(stream) ?? NOTHING;
      const events = statusWatch.decide(command, state);
      if (events.length === 0) return 0;
      trail ??= await this.#trailOf(cause);
      const outcome = await this.log.append({
        writes: [{ stream, expected: version, events: events.map((event) => ({ event, key: command.region })) }],
        meta: metaOf(trail),
      });
      if (outcome.kind === 'appended') {
        const announced = { version: version + events.length, state: events.reduce(statusWatch.evolve, state) };
        this.#streams.set(stream, announced);
        this.onAnnounced(`${stream} announced ${events.map(({ type }) => type).join(', ')}`, trail);
        return events.length;
      }
      await this.#reload(stream);
    }
    throw new Error(`${stream}: not announced after ${ATTEMPTS_MAX} attempts, because other writers were always first`);
  }

  /** An event from before tracing may have a correlation chosen by a caller; it is not propagated. */
  async #trailOf(cause: Position | null): Promise<TraceContext> {
    const [event] = cause === null ? [] : await this.log.read(cause - 1, 1);
    const { correlation, traceparent } = event?.meta ?? {};
    return correlation === undefined || traceparent === undefined ? newTraceContext() : { correlation, traceparent };
  }

  async #reload(stream: string): Promise<void> {
    this.#streams.delete(stream);
    for (const stored of await this.log.readStream(stream)) this.#fold(stored);
  }

  #fold(stored: StoredEvent): void {
    const { version, state } = this.#streams.get(stored.stream) ?? NOTHING;
    if (stored.version <= version) return;
    const event = toDomainEvent(stored) as StatusEvent; // its stream holds no others
    this.#restsOn = Math.max(this.#restsOn, event.data.restsOn);
    this.#streams.set(stored.stream, { version: stored.version, state: statusWatch.evolve(state, event) });
  }
}

function metaOf(trail: TraceContext): CommandMeta {
  return { by: { who: 'status-watch', role: 'system', party: null }, fingerprint: null, ...trail };
}
