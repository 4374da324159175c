// Configures Fastify for all processes: limits, body parsers, request ids, headers.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../settings/settings.js';
import { allowedMethods, recordRoutes } from './allowed-methods.js';
import { parseBodies } from './bodies.js';
import { Problem } from './problem.js';
import { answer, problemOf } from './problem.filter.js';

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
  refuseMalformedUrls(instance);
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

function refuseMalformedUrls(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, _, done) => {
    if (isWellFormed(request.url)) done();
    else done(new Problem(400, 'bad-url', 'The URL is not percent-encoded UTF-8, or it contains NUL.'));
  });
}

// PostgreSQL cannot store or compare NUL, and decoding would replace what is not UTF-8.
function isWellFormed(url: string): boolean {
  try {
    return !decodeURIComponent(url).includes('\0');
  } catch {
    return false;
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
