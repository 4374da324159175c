// The result of a command: the log position that it reached, and the version of its target.
import { toDomainEvent, type IncidentEvent, type Instant } from '#domain';
import type { EventLog, Position, TransactResult } from '#event-log';

export type CommandResult = {
  readonly position: Position;
  readonly recordedAt: Instant | null;
  readonly version: number;
  /** False for a repeat, and where nothing changed. */
  readonly isNew: boolean;
  /** True where the command is not a repeat and changed nothing: what it asks was the case already. */
  readonly isUnchanged: boolean;
};

export function commandResult(done: TransactResult, stream: string): CommandResult {
  const { position, recordedAt, outcome } = done;
  const version = done.versions.get(stream) ?? 0;
  return { position, recordedAt, version, isNew: outcome === 'appended', isUnchanged: outcome === 'unchanged' };
}

/** The event that the command appended to the incident the first time. A repeat gets the same answer. */
export async function eventOfCommand(log: EventLog, stream: string, position: Position): Promise<IncidentEvent> {
  const stored = (await log.readStream(stream)).find(({ commandEnd }) => commandEnd === position);
  if (!stored) throw new Error(`${stream} has no event of the command that ended at ${position}`);
  // An incident's stream contains only its own events.
  return toDomainEvent(stored) as IncidentEvent;
}
