// The methods of each path: distinguishes 405 from 404, and answers OPTIONS.
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Route = { readonly method: string; readonly pattern: RegExp };

const routesOf = new WeakMap<object, Route[]>();

/** Must be called before the first route is registered. */
export function recordRoutes(instance: FastifyInstance): void {
  const routes: Route[] = [];
  routesOf.set(instance.server, routes);
  instance.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, pattern: patternOf(url) });
  });
}

/** In alphabetical order; empty for an unknown path. */
export function allowedMethods(request: FastifyRequest): readonly string[] {
  const path = request.url.split('?')[0] ?? '';
  const routes = routesOf.get(request.server.server) ?? [];
  const found = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return found.length === 0 ? [] : [...new Set([...found, 'OPTIONS'])].sort();
}

function patternOf(url: string): RegExp {
  const segments = url.split('/').map((segment) => {
    if (segment === '*') return '.*';
    return segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}/?$`);
}
