// What a stream's events add up to.
import { toDomainEvent, type Decider, type DomainEvent } from '#domain';
import type { StoredEvent } from './event-log.js';

/** The state that a decider knows after this history; its initial one for a stream that has not begun. */
export function stateOf<Command, State, Event extends DomainEvent>(
  { evolve, initialState }: Decider<Command, State, Event>,
  history: readonly StoredEvent[] | undefined,
): State {
  // A decider's stream holds its own events only.
  return (history ?? []).reduce((state, stored) => evolve(state, toDomainEvent(stored) as Event), initialState);
}
