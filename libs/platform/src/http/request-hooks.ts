// Hooks of every request: its ids go into the log lines, its duration into the metrics.
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { logContext } from '../logging/logging.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Settings } from '../settings/settings.js';
import { beginTraceContext, logContextOf } from './request-trace-context.js';

const MS = 1_000;

export function watchRequests(instance: FastifyInstance, metrics: Metrics, { trustTraceparent }: Settings): void {
  const logger = new Logger('http');
  instance.addHook('onRequest', (request, _, done) => {
    logContext.run(beginTraceContext(request, trustTraceparent), done);
  });
  // Body events arrive in the async context of the connection, so the context is set again.
  instance.addHook('preValidation', (request, _, done) => {
    logContext.run(logContextOf(request), done);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    // The pattern of the route, not the URL: query and path values may be confidential.
    const route = request.routeOptions.url ?? 'none';
    metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / MS);
    logContext.run(logContextOf(request), () => {
      logger.debug(`${request.method} ${route} ${reply.statusCode} ${reply.elapsedTime.toFixed(1)} ms`);
    });
    done();
  });
}
