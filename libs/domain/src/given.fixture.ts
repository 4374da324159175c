// Test helper that lets a spec read as a sentence: given these events, when this command comes, these are the new events.
import type { Decider } from './decider.js';

export function given<Command, State, Event>(
  decider: Decider<Command, State, Event>,
  ...history: readonly Event[]
): { readonly when: (command: Command) => readonly Event[]; readonly state: State } {
  const state = history.reduce(decider.evolve, decider.initialState);
  return { when: (command) => decider.decide(command, state), state };
}
