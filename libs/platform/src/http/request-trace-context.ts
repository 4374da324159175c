// The ids of a request: the trace context that is propagated, and the log context of its own lines.
import type { IncomingHttpHeaders } from 'node:http';
import type { LogContext } from '../logging/logging.js';
import { newTraceContext, traceIdOf, continueTrace, type TraceContext } from '../logging/trace-context.js';

type RequestIds = { readonly trace: TraceContext; readonly log: LogContext };

const idsOf = new WeakMap<object, RequestIds>();

/** `isTrusted`: continue the caller's trace; otherwise it only appears in our log lines. */
export function beginTraceContext(
  request: { readonly id: string; readonly headers: IncomingHttpHeaders },
  isTrusted: boolean,
): LogContext {
  const { traceparent } = request.headers;
  const within = continueTrace(typeof traceparent === 'string' ? traceparent : undefined);
  const trace = isTrusted && within !== null ? within : newTraceContext();
  const own = { request: request.id, correlation: trace.correlation, trace: traceIdOf(trace.traceparent) };
  const log = within === null || within === trace ? own : { ...own, parent: traceIdOf(within.traceparent) };
  idsOf.set(request, { trace, log });
  return log;
}

export function traceContextOf(request: object): TraceContext {
  const { trace } = idsOf.get(request) ?? {};
  if (trace === undefined) throw new Error('the request has no trace context: its onRequest hook has not run');
  return trace;
}

/** Empty for a request that was rejected before its onRequest hook ran. */
export function logContextOf(request: object): LogContext {
  return idsOf.get(request)?.log ?? {};
}
