// Versions of things over HTTP: ETag out, If-Match in.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

/** The version that the caller knew, from `If-Match: "7"`; null where there is none, or where any will do (`*`). */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | null => {
  return ifMatchOf(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']);
});

/** The same where it must be there. */
export const RequiredIfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number => {
  const version = ifMatchOf(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']);
  if (version !== null) return version;
  throw new Problem(
    428,
    'if-match-required',
    'Say in If-Match which version you decided on: the ETag of the last answer about it, such as "7".',
  );
});

export function etag(version: number): string {
  return `"${version}"`;
}

function ifMatchOf(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const version = /^\s*"?(\d{1,9})"?\s*$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  throw new Problem(400, 'bad-if-match', 'If-Match must be one ETag as it was given, such as "7".');
}
