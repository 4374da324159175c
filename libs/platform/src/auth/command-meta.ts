// What the log keeps of who commanded what: pseudonyms and digests, never a handle.
import type { CommandMeta } from '#event-log';
import type { Pseudonyms } from '../pseudonyms.js';
import type { Caller, Role } from './caller.js';

/** Who commands, by which of their roles, and the request's id. */
export type Commander = { readonly caller: Caller; readonly role: Role; readonly correlation: string };

/** `content` is all that makes two commands of this caller the same one: what is asked, of what, and with what words. */
export function commandMeta(
  { caller, role, correlation }: Commander,
  content: object,
  pseudonyms: Pseudonyms,
): CommandMeta {
  const { handle, organisation, party } = caller;
  return {
    by: { who: pseudonyms.monitor(handle), role, party },
    fingerprint: pseudonyms.fingerprint({ by: { handle, organisation, party }, content }),
    correlation,
  };
}
