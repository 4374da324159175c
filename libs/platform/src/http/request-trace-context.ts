// The ids of a request: what travels on from it, and what its own log lines carry beside that.
import type { IncomingHttpHeaders } from 'node:http';
import type { LogContext } from '../logging/logging.js';
import { newTraceContext, traceIdOf, continueTrace, type TraceContext } from '../logging/trace-context.js';

type Begun = { readonly trail: TraceContext; readonly lineIds: LogContext };

const begun = new WeakMap<object, Begun>();

/** `isTrusted`: whether the caller's trace may travel on; else it is only named in our lines. */
export function beginTraceContext(
  request: { readonly id: string; readonly headers: IncomingHttpHeaders },
  isTrusted: boolean,
): LogContext {
  const { traceparent } = request.headers;
  const within = continueTrace(typeof traceparent === 'string' ? traceparent : undefined);
  const trail = isTrusted && within !== null ? within : newTraceContext();
  const own = { request: request.id, correlation: trail.correlation, trace: traceIdOf(trail.traceparent) };
  const lineIds = within === null || within === trail ? own : { ...own, parent: traceIdOf(within.traceparent) };
  begun.set(request, { trail, lineIds });
  return lineIds;
}

export function traceContextOf(request: object): TraceContext {
  const { trail } = begun.get(request) ?? {};
  if (trail === undefined) throw new Error('a request has no trail before it is watched');
  return trail;
}

/** None for a request that was refused before anybody watched it. */
export function logContextOf(request: object): LogContext {
  return begun.get(request)?.lineIds ?? {};
}
