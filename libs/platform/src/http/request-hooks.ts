// What happens around every request: its id goes into the log lines, its duration into the metrics.
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { correlations } from '../logging.js';
import type { Metrics } from '../metrics.js';

const MS = 1_000;

export function watchRequests(instance: FastifyInstance, metrics: Metrics): void {
  const logger = new Logger('http');
  instance.addHook('onRequest', (request, _, done) => {
    correlations.run(request.id, done);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, not the URL: what somebody asked for is theirs.
    const route = request.routeOptions.url ?? 'none';
    metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / MS);
    logger.debug(`${request.method} ${route} ${reply.statusCode} ${reply.elapsedTime.toFixed(1)} ms ${request.id}`);
    done();
  });
}
