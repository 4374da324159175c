// What a command answers: where the log stands with it, and the version of what it was about.
import { toDomainEvent, type IncidentEvent, type Instant } from '#domain';
import type { EventLog, Position, TransactResult } from '#event-log';

export type CommandResult = {
  readonly position: Position;
  readonly recordedAt: Instant | null;
  readonly version: number;
  /** False for a repeat, and where there was nothing new. */
  readonly isNew: boolean;
};

export function commandResult(done: TransactResult, stream: string): CommandResult {
  const { position, recordedAt, outcome } = done;
  return { position, recordedAt, version: done.versions.get(stream) ?? 0, isNew: outcome === 'appended' };
}

/** What the command eventOfCommand in the incident, the first time: a repeat must be answered with it, word for word. */
export async function eventOfCommand(log: EventLog, stream: string, position: Position): Promise<IncidentEvent> {
  const stored = (await log.readStream(stream)).find(({ commandEnd }) => commandEnd === position);
  if (!stored) throw new Error(`${stream} has no event of the command that ended at ${position}`);
  // An incident's stream holds its own events only.
  return toDomainEvent(stored) as IncidentEvent;
}
