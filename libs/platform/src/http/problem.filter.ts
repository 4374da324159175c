// Maps every error to problem+json. This is the only place that does.
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, UnknownName } from '#domain';
import { isConnectionFailure, LogUnavailable, Overloaded, StaleVersion, VersionConflict } from '#event-log';
import { codeOf } from '../error-code.js';
import { allowedMethods } from './allowed-methods.js';
import { Problem } from './problem.js';

@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  readonly #logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (isGone(request)) {
      this.#logger.debug('the client disconnected before it was answered');
      answer(http.getResponse<FastifyReply>(), request, CLIENT_GONE);
      return;
    }
    const problem = problemOf(error, request);
    if (problem.status >= 500 && !(error instanceof Problem) && !(error instanceof Overloaded))
      this.#logger.error(error);
    answer(http.getResponse<FastifyReply>(), request, problem);
  }
}

// Nobody reads it; it keeps a disconnect from being counted as an error of ours.
const CLIENT_GONE = new Problem(400, 'client-disconnected', 'The connection closed before the request was complete.');

function isGone({ raw }: FastifyRequest): boolean {
  return raw.socket.destroyed;
}

/** The body of a problem; bulk answers use it for single lines. */
export function problemBody(problem: Problem, instance: string): Readonly<Record<string, unknown>> {
  return {
    type: `urn:barada:problem:${problem.code}`,
    title: STATUS_CODES[problem.status] ?? 'Problem',
    status: problem.status,
    detail: problem.detail,
    instance,
    code: problem.code,
    ...(problem.more.errors === undefined ? {} : { errors: problem.more.errors }),
  };
}

export function answer(reply: FastifyReply, request: FastifyRequest, problem: Problem): void {
  // The status of a response that is already being streamed cannot change. Closing the connection marks it as incomplete.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  void reply
    .code(problem.status)
    .headers(problem.more.headers ?? {})
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problemBody(problem, request.url.split('?')[0] ?? request.url));
}

/** The problem for any error. Unexpected errors reveal nothing. */
export function problemOf(error: unknown, request: FastifyRequest | null = null): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return fromNest(error, request);
  return fromDomain(error) ?? fromDatabase(error) ?? fromFastify(error) ?? unexpected();
}

function fromDomain(error: unknown): Problem | null {
  if (error instanceof Refusal) return new Problem(409, error.code, error.message);
  if (error instanceof UnknownName) {
    const errors = [{ pointer: error.pointer, code: 'unknown_name', detail: error.message }];
    return new Problem(422, 'unknown-name', `${error.pointer}: ${error.message}`, { errors });
  }
  if (error instanceof StaleVersion)
    return new Problem(412, 'stale-version', 'It has changed since you read it: read it again before you decide.');
  return null;
}

function fromDatabase(error: unknown): Problem | null {
  if (error instanceof Overloaded) {
    const headers = { 'retry-after': String(error.retryAfterSeconds) };
    return new Problem(503, 'overloaded', `${error.message}.`, { headers });
  }
  const isDown = error instanceof LogUnavailable || error instanceof VersionConflict || isConnectionFailure(error);
  if (isDown) return unavailable();
  const code = codeOf(error) ?? '';
  const why = DATABASE_CONDITIONS[code] ?? DATABASE_CONDITIONS[code.slice(0, 2)];
  if (why !== undefined) return new Problem(503, 'unavailable', `${why} Try again later.`, RETRY_LATER);
  return UNSTORABLE.has(code) ? new Problem(400, 'unstorable-text', 'The text contains NUL characters.') : null;
}

const RETRY_LATER = { headers: { 'retry-after': '5' } };

// By code or class: https://www.postgresql.org/docs/18/errcodes-appendix.html. Nothing was stored in any of these cases.
const DATABASE_CONDITIONS: Readonly<Record<string, string>> = {
  '25006': 'The database is read-only, so nothing can be stored.',
  '40': 'The database could not complete this beside concurrent work.',
  '53': 'The database is out of resources.',
  '53100': 'The disk of the database is full, so nothing can be stored.',
  '55P03': 'The database is locked by another operation.',
  '57014': 'The database took too long.',
  '58030': 'The database cannot use its disk.',
  ENOSPC: 'The disk is full, so nothing can be stored.',
};

// "character not in repertoire" and "untranslatable character": NUL in text or JSON that no schema has checked.
const UNSTORABLE = new Set(['22021', '22P05']);

// It is unknown whether a command was stored. Its id makes the retry safe.
function unavailable(): Problem {
  const detail =
    'The database is unavailable right now. Try again; a command that is repeated with the same id counts once.';
  return new Problem(503, 'unavailable', detail, { headers: { 'retry-after': '1' } });
}

function unexpected(): Problem {
  return new Problem(
    500,
    'internal',
    'Unexpected error on our side. The log has the details under this `x-request-id`.',
  );
}

function fromNest(error: HttpException, request: FastifyRequest | null): Problem {
  const status = error.getStatus();
  if (status === 404 && request?.is404 === true) return noRoute(request);
  if (status >= 500) return unexpected();
  // Nest wraps errors of Fastify.
  return fromFastify(error.cause) ?? new Problem(status, kebab(STATUS_CODES[status] ?? 'problem'), error.message);
}

function noRoute(request: FastifyRequest): Problem {
  const allowed = allowedMethods(request);
  if (allowed.length === 0)
    return new Problem(
      404,
      'no-such-route',
      `There is no route ${request.method} ${request.url.split('?')[0] ?? ''}; /docs lists all routes.`,
    );
  return new Problem(405, 'method-not-allowed', `This path allows only ${allowed.join(', ')}.`, {
    headers: { allow: allowed.join(', ') },
  });
}

function fromFastify(error: unknown): Problem | null {
  const known = FASTIFY[codeOf(error) ?? ''];
  return known === undefined ? null : new Problem(...known);
}

const FASTIFY: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    'too-large',
    'The body is too large. Send many reports as application/x-ndjson, one per line.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'unsupported-media-type',
    'Send application/json, or application/x-ndjson if the route accepts a bulk.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'bad-content-length',
    'The length of the body differs from Content-Length.',
  ],
  FST_ERR_BAD_URL: [400, 'bad-url', 'The path is not a well-formed URL.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'uri-too-long', 'A part of the path is too long.'],
};

function kebab(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
