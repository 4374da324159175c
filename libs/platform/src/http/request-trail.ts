// The ids of a request: what travels on from it, and what its own log lines carry beside that.
import type { IncomingHttpHeaders } from 'node:http';
import type { LineIds } from '../logging.js';
import { newTrail, traceOf, trailWithin, type Trail } from '../trail.js';

type Begun = { readonly trail: Trail; readonly lineIds: LineIds };

const begun = new WeakMap<object, Begun>();

/** `isTrusted`: whether the caller's trace may travel on; else it is only named in our lines. */
export function beginTrail(
  request: { readonly id: string; readonly headers: IncomingHttpHeaders },
  isTrusted: boolean,
): LineIds {
  const { traceparent } = request.headers;
  const within = trailWithin(typeof traceparent === 'string' ? traceparent : undefined);
  const trail = isTrusted && within !== null ? within : newTrail();
  const own = { request: request.id, correlation: trail.correlation, trace: traceOf(trail.traceparent) };
  const lineIds = within === null || within === trail ? own : { ...own, parent: traceOf(within.traceparent) };
  begun.set(request, { trail, lineIds });
  return lineIds;
}

export function trailOf(request: object): Trail {
  const { trail } = begun.get(request) ?? {};
  if (trail === undefined) throw new Error('a request has no trail before it is watched');
  return trail;
}

/** None for a request that was refused before anybody watched it. */
export function lineIdsOf(request: object): LineIds {
  return begun.get(request)?.lineIds ?? {};
}
