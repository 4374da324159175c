// Something went wrong that the person at the keyboard can cure: one sentence, no stack, exit code 1.

export class Failure extends Error {
  override readonly name = 'Failure';
}

/** The system took the request in and said no to what it holds; another request may fare better. */
export class Refused extends Failure {}
