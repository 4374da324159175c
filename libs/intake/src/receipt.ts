// What a monitor is told of a report that was taken in: the same words each time, for they come from the event itself.
import { incidentIdOf, toDomainEvent, type Instant, type ReportFlag, type Submission } from '#domain';
import type { Position, StoredEvent } from '#event-log';

export type Receipt = {
  readonly id: string;
  readonly incident: string | null;
  readonly position: Position;
  readonly recordedAt: Instant;
  readonly regions: readonly string[];
  readonly flags: readonly ReportFlag[];
};

type Told = Omit<Submission, 'source'>;

export function receiptFor(told: Told, position: Position, recordedAt: Instant): Receipt {
  const { report: id, flags, content } = told;
  const { regions } = 'place' in content ? content.place : content.area;
  return { id, incident: incidentIdOf(told), position, recordedAt, regions, flags };
}

/** From the event that took the report in, or put it right. */
export function receiptFromEvent(stored: StoredEvent): Receipt {
  const event = toDomainEvent(stored);
  if (event.type !== 'ReportSubmitted' && event.type !== 'ReportAmended') {
    throw new Error(`${stored.stream} has ${event.type} where a report's content should be`);
  }
  return receiptFor(event.data, stored.commandEnd, stored.recordedAt);
}
