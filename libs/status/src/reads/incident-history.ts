// The history of an incident: its events and those of its reports, in order, with actor and time.
import { Injectable } from '@nestjs/common';
import { toDomainEvent, type DomainEvent, type Instant } from '#domain';
import {
  ConfidentialReader,
  EventLog,
  type CommandAuthor,
  type Json,
  type Position,
  type StoredEvent,
} from '#event-log';

export type HistoryEntry = {
  readonly position: Position;
  readonly type: DomainEvent['type'];
  readonly recordedAt: Instant;
  /** Monitors appear as pseudonyms. */
  readonly by: CommandAuthor;
  readonly data: DomainEvent['data'];
  /** Free text by field, only for roles that may read it. */
  readonly text?: Readonly<Record<string, Json>>;
};

/** Free text fields; those that identify a source or an exact place are not included. */
const TEXT_FIELDS = ['narrative', 'note', 'text', 'reason'];

@Injectable()
export class IncidentHistory {
  constructor(
    private readonly log: EventLog,
    private readonly confidential: ConfidentialReader,
  ) {}

  /** The history of incidents that were merged into one, up to `until`. */
  async of(ids: readonly string[], until: Position, withText: boolean): Promise<readonly HistoryEntry[]> {
    const own = (await Promise.all(ids.map((id) => this.log.readStream(`incident-${id}`)))).flat();
    const reports = [...new Set(own.flatMap(reportsIn))];
    const told = (await Promise.all(reports.map((id) => this.log.readStream(`report-${id}`)))).flat();
    const events = [...own, ...told.filter((event) => tellsOf(event, ids))]
      .filter(({ position }) => position <= until)
      .sort((one, other) => one.position - other.position);
    const texts = withText ? await this.#textsOf(events) : new Map<Position, HistoryEntry['text']>();
    return events.map((stored) => {
      const { position, recordedAt, meta } = stored;
      const { type, data } = toDomainEvent(stored);
      const text = texts.get(position);
      return { position, type, recordedAt, by: meta.by, data, ...(text === undefined ? {} : { text }) };
    });
  }

  /** The version of the incident at `until`: what If-Match of a command compares. */
  async versionOf(id: string, until: Position): Promise<number> {
    return (await this.log.readStream(`incident-${id}`)).filter(({ position }) => position <= until).length;
  }

  async #textsOf(events: readonly StoredEvent[]): Promise<ReadonlyMap<Position, HistoryEntry['text']>> {
    const fields = await this.confidential.read(events.map(({ position }) => position));
    return new Map(
      [...fields].flatMap(([position, all]) => {
        const words = Object.entries(all).filter(([field]) => TEXT_FIELDS.includes(field));
        return words.length === 0 ? [] : [[position, Object.fromEntries(words)] as const];
      }),
    );
  }
}

/** The reports that an event of an incident names. */
function reportsIn(stored: StoredEvent): readonly string[] {
  const { data } = toDomainEvent(stored);
  const named = 'report' in data ? [data.report] : [];
  const listed = 'reports' in data ? data.reports : [];
  const carried = 'carried' in data && Array.isArray(data.carried) ? (data.carried as { report: string }[]) : [];
  return [...named, ...listed, ...carried.map(({ report }) => report)];
}

function tellsOf(stored: StoredEvent, ids: readonly string[]): boolean {
  const { data } = toDomainEvent(stored);
  const from = 'from' in data && typeof data.from === 'string' ? [data.from] : [];
  const incident = 'incident' in data && data.incident !== null ? [data.incident] : [];
  return [...incident, ...from].some((id) => ids.includes(id));
}
