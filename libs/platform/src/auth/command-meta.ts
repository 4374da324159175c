// The metadata that the log stores with the events of a command: pseudonyms and digests, never a handle.
import type { CommandMeta } from '#event-log';
import type { CommandRequest } from './command-request.js';
import type { Pseudonyms } from '../secret/pseudonyms.js';
import type { Role } from './caller.js';

/**
 * `role`: the role that permits the command. `content`: everything that makes two commands of this caller equal, which
 * is the command's name, its target and its body.
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
