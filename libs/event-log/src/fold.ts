// Folds the events of a stream into the state of its decider.
import { toDomainEvent, type Decider, type DomainEvent } from '#domain';
import type { StoredEvent } from './event-log.js';

/** The decider's state after this history; its initial state for a stream without events. */
export function stateOf<Command, State, Event extends DomainEvent>(
  { evolve, initialState }: Decider<Command, State, Event>,
  history: readonly StoredEvent[] | undefined,
): State {
  // A decider's stream contains only its own events.
  return (history ?? []).reduce((state, stored) => evolve(state, toDomainEvent(stored) as Event), initialState);
}
