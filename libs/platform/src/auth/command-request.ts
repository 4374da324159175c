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
  /** True for `If-Match: *`, which any existing version satisfies. */
  readonly anyVersion?: boolean;
};

/** `@CurrentCommandRequest() request: CommandRequest` */
export const CurrentCommandRequest = createParamDecorator((_: unknown, context: ExecutionContext): CommandRequest => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  const { caller, headers } = request;
  if (caller === undefined) throw new Error('a public route has no caller');
  return { caller, traceContext: traceContextOf(request), ...parseIfMatch(headers['if-match']) };
});

/** Throws Problem 428 if the command requires If-Match and the request has none. */
export function requireIfMatch({ ifMatch, anyVersion }: CommandRequest): void {
  if (ifMatch !== null || anyVersion === true) return;
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

// RFC 9110, section 8.8.3; the quotes may be missing, because shells swallow them.
const ENTITY_TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$|^(\d{1,9})$/;

/**
 * RFC 9110, section 13.1.1: weak tags never match. Versions only grow, so of a list the highest is the one to compare; an
 * older one in the list is answered with 412 and costs a retry.
 */
export function parseIfMatch(header: string | undefined): Pick<CommandRequest, 'ifMatch' | 'anyVersion'> {
  if (header === undefined) return { ifMatch: null };
  if (header.trim() === '*') return { ifMatch: null, anyVersion: true };
  const tags = header.split(',').map((tag) => ENTITY_TAG.exec(tag.trim()));
  if (tags.includes(null)) throw new Problem(400, 'bad-if-match', 'If-Match must be *, or ETags such as "7".');
  const versions = tags.flatMap((tag) => {
    const text = tag?.[1] === undefined ? (tag?.[2] ?? tag?.[3] ?? '') : '';
    return /^\d{1,9}$/.test(text) ? [Number(text)] : [];
  });
  if (versions.length > 0) return { ifMatch: Math.max(...versions) };
  throw new Problem(
    412,
    'stale-version',
    'If-Match names no version of this: send the ETag of the last answer, unchanged.',
  );
}
