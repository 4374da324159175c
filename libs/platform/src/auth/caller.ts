// The authenticated caller, as the token describes it.
import type { Guarantor } from '#domain';

export const ROLES = ['monitor', 'verifier', 'officer', 'analyst', 'subscriber', 'operator', 'protection'] as const;
export type Role = (typeof ROLES)[number];

export type Caller = {
  /** The token's `sub`. Confidential: it must not reach a log line, the data of an event, or an answer to anybody else. */
  readonly handle: string;
  /** The token's `org`; empty if it has none. */
  readonly organisation: string;
  readonly roles: readonly Role[];
  readonly party: Guarantor | null;
};
