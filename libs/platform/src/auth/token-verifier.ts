// The port of authentication: from a bearer token to the caller.
import type { Caller } from './caller.js';

export abstract class TokenVerifier {
  /** Throws Problem 401 that says what is wrong with the token and how to get a valid one. `null`: no token was sent. */
  abstract callerOf(token: string | null): Promise<Caller>;
}
