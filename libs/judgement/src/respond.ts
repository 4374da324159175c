// The HTTP answer of a command.
import { HttpStatus } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Position } from '#event-log';
import { etag } from '#platform';
import type { CommandResult } from './command-result.js';

type Answer<Names> = Names & {
  readonly position: Position;
  readonly recordedAt: string | null;
  /** Where the command changed nothing and is no repeat either. */
  readonly unchanged?: true;
};

/** `statusOfNew` where the command created something; a repeat is always 200. */
export function respond<Names extends object>(
  reply: FastifyReply,
  { position, recordedAt, version, isNew, isUnchanged }: CommandResult,
  names: Names,
  statusOfNew: HttpStatus = HttpStatus.OK,
): Answer<Names> {
  reply.status(isNew ? statusOfNew : HttpStatus.OK).header('etag', etag(version));
  return { ...names, position, recordedAt, ...(isUnchanged ? { unchanged: true } : {}) };
}
