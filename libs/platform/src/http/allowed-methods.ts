// The methods of each path: distinguishes 405 from 404, and answers OPTIONS.
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Route = { readonly method: string; readonly url: string; readonly pattern: RegExp };

const routesOf = new WeakMap<object, Route[]>();

/** Must be called before the first route is registered. */
export function recordRoutes(instance: FastifyInstance): void {
  const routes: Route[] = [];
  routesOf.set(instance.server, routes);
  instance.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url, pattern: patternOf(url) });
  });
}

/** The routes whose path begins so, with the methods of each, in alphabetical order. */
export function routesBelow(
  request: FastifyRequest,
  prefix: string,
): readonly { path: string; methods: readonly string[] }[] {
  const routes = (routesOf.get(request.server.server) ?? []).filter(({ url }) => url.startsWith(prefix));
  const paths = [...new Set(routes.map(({ url }) => url))].sort();
  return paths.map((path) => ({
    path: path.replaceAll(/:(\w+)/g, '{$1}'),
    methods: [...new Set(routes.filter(({ url }) => url === path).map(({ method }) => method))].sort(),
  }));
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
