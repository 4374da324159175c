// What a command's route knows of the request beside its body: who asks, under which id, and which version they knew.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from './decorators.js';
import type { Caller } from './caller.js';
import type { TraceContext } from '../logging/trace-context.js';
import { Problem } from '../http/problem.js';
import { traceContextOf } from '../http/request-trace-context.js';

export type CommandRequest = {
  readonly caller: Caller;
  /** For CommandMeta. */
  readonly traceContext: TraceContext;
  /** From `If-Match: "7"`; null where it is left out, or where any version will do (`*`). */
  readonly ifMatch: number | null;
};

/** `@Asking() asked: Asked` */
export const CurrentCommandRequest = createParamDecorator((_: unknown, context: ExecutionContext): CommandRequest => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  const { caller, headers } = request;
  if (caller === undefined) throw new Error('a public route has no caller');
  return { caller, traceContext: traceContextOf(request), ifMatch: versionOf(headers['if-match']) };
});

/** Throws Problem 428 where a command needs to know what it was decided on. */
export function requireIfMatch({ ifMatch }: CommandRequest): void {
  if (ifMatch !== null) return;
  throw new Problem(
    428,
    'if-match-required',
    'Say in If-Match which version you decided on: the ETag of the last answer about it, such as "7".',
  );
}

/** A stream's version as an ETag. */
export function etag(version: number): string {
  return `"${version}"`;
}

function versionOf(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const version = /^\s*"?(\d{1,9})"?\s*$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  throw new Problem(400, 'bad-if-match', 'If-Match must be one ETag as it was given, such as "7".');
}
