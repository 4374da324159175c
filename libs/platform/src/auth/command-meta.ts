// What the log keeps of who commanded what: pseudonyms and digests, never a handle.
import type { CommandMeta } from '#event-log';
import type { CommandRequest } from './command-request.js';
import type { Pseudonyms } from '../secret/pseudonyms.js';
import type { Role } from './caller.js';

/**
 * `role` is the one by which they may. `content` is all that makes two commands of this caller the same one: what is
 * asked, of what, and in what words.
 */
export function commandMeta(
  { caller, traceContext }: Omit<CommandRequest, 'ifMatch'>,
  role: Role,
  content: object,
  pseudonyms: Pseudonyms,
): CommandMeta {
  const { handle, organisation, party } = caller;
  return {
    by: { who: pseudonyms.monitor(handle), role, party },
    fingerprint: pseudonyms.fingerprint({ by: { handle, organisation, party }, content }),
    ...traceContext,
  };
}
