// What a command route needs from the request besides its body: the caller, the trace context and If-Match.
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
  /** From `If-Match: "7"`; null if it is absent or accepts any version (`*`). */
  readonly ifMatch: number | null;
};

/** `@CurrentCommandRequest() request: CommandRequest` */
export const CurrentCommandRequest = createParamDecorator((_: unknown, context: ExecutionContext): CommandRequest => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  const { caller, headers } = request;
  if (caller === undefined) throw new Error('a public route has no caller');
  return { caller, traceContext: traceContextOf(request), ifMatch: versionOf(headers['if-match']) };
});

/** Throws Problem 428 if the command requires If-Match and the request has none. */
export function requireIfMatch({ ifMatch }: CommandRequest): void {
  if (ifMatch !== null) return;
  throw new Problem(
    428,
    'if-match-required',
    'Send If-Match with the version that your decision is based on: the ETag of the last answer, such as "7".',
  );
}

/** The version of a stream as an ETag. */
export function etag(version: number): string {
  return `"${version}"`;
}

function versionOf(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const version = /^\s*"?(\d{1,9})"?\s*$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  throw new Problem(400, 'bad-if-match', 'If-Match must be one ETag as it was given, such as "7".');
}
