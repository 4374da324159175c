// Configures Fastify for all processes: limits, body parsers, request ids, headers.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../settings/settings.js';
import { allowedMethods, recordRoutes } from './allowed-methods.js';
import { Bulk } from './bulk.js';
import { Problem } from './problem.js';
import { answer, problemOf } from './problem.filter.js';

type JsonParser = (request: FastifyRequest, text: string, done: (error: Error | null, body?: unknown) => void) => void;

const REQUEST_ID = /^[\w.:-]{1,100}$/;
const KEEP_ALIVE_MS = 65_000; // longer than the usual 60 s of proxies, so that the proxy closes first
const PARAM_LENGTH_MAX = 200;

export function httpAdapter(settings: Settings): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: settings.bodyLimit,
    keepAliveTimeout: KEEP_ALIVE_MS,
    genReqId: requestId,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      answer(reply, request, problemOf(error));
    },
  });
  const instance = adapter.getInstance<FastifyInstance>();
  recordRoutes(instance);
  allowRouteBodyLimits(instance);
  parseBodies(instance, settings);
  setHeaders(instance);
  return adapter;
}

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Supports `@RouteConfig({ bodyLimit: bytes })`; Nest passes on no other route options of Fastify. */
function allowRouteBodyLimits(instance: FastifyInstance): void {
  instance.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as { readonly bodyLimit?: unknown };
    if (typeof bodyLimit === 'number') route.bodyLimit = bodyLimit;
  });
}

function parseBodies(instance: FastifyInstance, { bodyLimit, bulkLimit }: Settings): void {
  instance.removeAllContentTypeParsers();
  // Also rejects `__proto__`.
  const parse = instance.getDefaultJsonParser('error', 'error') as JsonParser;
  const json = ['application/json', 'application/geo+json'];
  instance.addContentTypeParser(json, { parseAs: 'string' }, (request, text: string, done) => {
    // A command without a body may still send a content type.
    if (text.trim() === '') done(null, undefined);
    else
      parse(request, text, (error, body) => {
        done(error === null ? null : badJson(text), body);
      });
  });
  instance.addContentTypeParser('application/x-ndjson', (request, raw, done) => {
    try {
      done(null, new Bulk(raw, request.headers['content-encoding'], { line: bodyLimit, total: bulkLimit }));
    } catch (error) {
      done(error as Error);
    }
  });
}

// Only the location is taken from the engine's message: the rest quotes the body.
function badJson(text: string): Problem {
  const place = /\(line (\d+) column (\d+)\)/.exec(messageOf(text));
  const where = place === null ? '' : ` at line ${place[1] ?? ''}, column ${place[2] ?? ''}`;
  return new Problem(400, 'bad-json', `The body is not well-formed JSON${where}.`);
}

function messageOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return String(error);
  }
}

function setHeaders(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('x-frame-options', 'DENY');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-resource-policy', 'same-origin');
    // Answers depend on the caller.
    reply.header('cache-control', 'no-store');
    if (request.is404 && request.method === 'OPTIONS' && allowedMethods(request).length > 0)
      void reply.code(204).header('allow', allowedMethods(request).join(', ')).send();
    else done();
  });
}
