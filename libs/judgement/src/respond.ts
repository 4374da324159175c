// How a command is answered over HTTP.
import { HttpStatus } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Position } from '#event-log';
import { etag } from '#platform';
import type { CommandResult } from './command-result.js';

/** `statusOfNew` where something new began with it; a repeat is 200 in any case. */
export function respond<Names extends object>(
  reply: FastifyReply,
  { position, recordedAt, version, isNew }: CommandResult,
  names: Names,
  statusOfNew: HttpStatus = HttpStatus.OK,
): Names & { readonly position: Position; readonly recordedAt: string | null } {
  reply.status(isNew ? statusOfNew : HttpStatus.OK).header('etag', etag(version));
  return { ...names, position, recordedAt };
}
