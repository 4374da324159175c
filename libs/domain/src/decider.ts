// What every stream is: a way to choose new facts, and a way to remember them.

export type Decider<Command, State, Event> = {
  readonly initialState: State;
  /** The new facts; an empty list where the command says nothing new; throws Refusal where the rules say no. */
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
};

/** The rules said no. The edge answers 409 with `code`; nothing retries it and nobody is woken. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    /** A stable kebab-case code, for programs. */
    readonly code: string,
    /** A sentence for people: what is wrong, and the cure. */
    message: string,
  ) {
    super(message);
  }
}

/** A command names something that nobody has registered (an actor, a region, an incident). The edge answers 422. */
export class UnknownName extends Error {
  override readonly name = 'UnknownName';
  constructor(
    /** JSON pointer of the member that names it, such as `/accused/0`. */
    readonly pointer: string,
    message: string,
  ) {
    super(message);
  }
}
