// The port of authentication: a bearer token in, who it speaks for out.
import type { Caller } from './caller.js';

export abstract class TokenVerifier {
  /** Throws Problem 401 that says what is wrong with the token and how to get a good one. Null: there was none. */
  abstract callerOf(token: string | null): Promise<Caller>;
}
