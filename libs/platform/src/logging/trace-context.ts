// The ids that connect a command with everything it causes: log lines, events, Kafka messages, webhook calls.
import { randomUUID } from 'node:crypto';
import type { CommandMeta } from '#event-log';
import { logContext } from './logging.js';

/** Created here, not taken from the caller unless TRUST_TRACEPARENT is set: subscribers see it (docs/decisions/0015). */
export type TraceContext = Required<Pick<CommandMeta, 'correlation' | 'traceparent'>>;

// https://www.w3.org/TR/trace-context/#traceparent-header
const TRACEPARENT = /^(?!ff)([\da-f]{2})-((?!0{32})[\da-f]{32})-(?!0{16})[\da-f]{16}-([\da-f]{2})(-.*)?$/;
const SAMPLED = 1;
const SPAN_DIGITS = 16;

export function newTraceContext(): TraceContext {
  return { correlation: randomUUID(), traceparent: traceparentOf(randomDigits(), newSpan(), SAMPLED) };
}

/** A new span within the caller's trace; null if the header is absent or invalid. */
export function continueTrace(traceparent: string | undefined): TraceContext | null {
  const found = TRACEPARENT.exec(traceparent ?? '');
  const [, version, trace, flags, more] = found ?? [];
  // Fields added by later versions are dropped; version 00 must not have any.
  if (trace === undefined || flags === undefined || (version === '00' && more !== undefined)) return null;
  const sampled = Number.parseInt(flags, 16) & SAMPLED;
  return { correlation: randomUUID(), traceparent: traceparentOf(trace, newSpan(), sampled) };
}

/** The traceparent of an outgoing call: same trace, new span. `span`: 8 random bytes. */
export function childTraceparent(traceparent: string, span: Buffer): string {
  const [version, trace, , flags] = traceparent.split('-');
  return [version, trace, span.toString('hex'), flags].join('-');
}

/** Expects a valid traceparent. */
export function traceIdOf(traceparent: string): string {
  return traceparent.split('-')[1] ?? '';
}

/** Runs `work` so that each of its log lines carries these ids. */
export function withTraceContext<T>(
  context: Pick<CommandMeta, 'correlation' | 'traceparent'> | null,
  work: () => T,
): T {
  if (context === null) return work();
  const { correlation, traceparent } = context;
  const trace = traceparent === undefined ? {} : { trace: traceIdOf(traceparent) };
  return logContext.run({ ...logContext.getStore(), correlation, ...trace }, work);
}

function traceparentOf(trace: string, span: string, flags: number): string {
  return `00-${trace}-${span}-0${flags}`;
}

function newSpan(): string {
  return randomDigits().slice(-SPAN_DIGITS);
}

/** 32 hexadecimal digits. Node buffers random bytes for UUIDs; `randomBytes` for a few bytes costs more than all else here. */
function randomDigits(): string {
  return randomUUID().replaceAll('-', '');
}
