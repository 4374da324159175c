// The shape of every stream's logic: decide turns a command into events, evolve folds events into state.

export type Decider<Command, State, Event> = {
  readonly initialState: State;
  /** The new events; an empty list when the command changes nothing. Throws Refusal when a rule forbids it. */
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
};

/** A rule forbids the command. HTTP answers 409 with `code`; it is not retried and raises no alarm. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    /** A stable kebab-case code for programs. */
    readonly code: string,
    /** A sentence for people: what is wrong and how to fix it. */
    message: string,
  ) {
    super(message);
  }
}

/** A command names something that is not registered (an actor, a region, an incident). HTTP answers 422. */
export class UnknownName extends Error {
  override readonly name = 'UnknownName';
  constructor(
    /** JSON pointer to the member that names it, such as `/accused/0`. */
    readonly pointer: string,
    message: string,
  ) {
    super(message);
  }
}
