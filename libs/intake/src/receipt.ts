// The answer to a stored report. It is built from the event, so a repeat gets the same answer.
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

type ReceiptContent = Omit<Submission, 'source'>;

export function receiptFor(submission: ReceiptContent, position: Position, recordedAt: Instant): Receipt {
  const { report: id, flags, content } = submission;
  const { regions } = 'place' in content ? content.place : content.area;
  return { id, incident: incidentIdOf(submission), position, recordedAt, regions, flags };
}

/** From the event that submitted or amended the report. */
export function receiptFromEvent(stored: StoredEvent): Receipt {
  const event = toDomainEvent(stored);
  if (event.type !== 'ReportSubmitted' && event.type !== 'ReportAmended') {
    throw new Error(`${stored.stream} has ${event.type} where ReportSubmitted or ReportAmended is expected`);
  }
  return receiptFor(event.data, stored.commandEnd, stored.recordedAt);
}
