// Under which ids a command is found again, and all that follows from it: in the log lines, with the events, at the webhook.
import { randomUUID } from 'node:crypto';
import type { CommandMeta } from '#event-log';
import { logContext } from './logging.js';

/** Made here, never by a caller, unless the installation trusts them: it travels to subscribers (docs/decisions/0015). */
export type TraceContext = Required<Pick<CommandMeta, 'correlation' | 'traceparent'>>;

// https://www.w3.org/TR/trace-context/#traceparent-header
const TRACEPARENT = /^(?!ff)([\da-f]{2})-((?!0{32})[\da-f]{32})-(?!0{16})[\da-f]{16}-([\da-f]{2})(-.*)?$/;
const SAMPLED = 1;
const SPAN_DIGITS = 16;

export function newTraceContext(): TraceContext {
  return { correlation: randomUUID(), traceparent: traceparentOf(chanceDigits(), newSpan(), SAMPLED) };
}

/** A trail of our own within the caller's trace; null where the header is none that we understand. */
export function continueTrace(traceparent: string | undefined): TraceContext | null {
  const found = TRACEPARENT.exec(traceparent ?? '');
  const [, version, trace, flags, more] = found ?? [];
  // What a later version adds is left out; the version that we speak has nothing to add.
  if (trace === undefined || flags === undefined || (version === '00' && more !== undefined)) return null;
  const sampled = Number.parseInt(flags, 16) & SAMPLED;
  return { correlation: randomUUID(), traceparent: traceparentOf(trace, newSpan(), sampled) };
}

/** The same trace one step on, for a call that we make. `span`: 8 bytes of chance. */
export function childTraceparent(traceparent: string, span: Buffer): string {
  const [version, trace, , flags] = traceparent.split('-');
  return [version, trace, span.toString('hex'), flags].join('-');
}

/** Of a well-formed traceparent. */
export function traceIdOf(traceparent: string): string {
  return traceparent.split('-')[1] ?? '';
}

/** Every log line of the work carries the ids of what it follows from. */
export function withTraceContext<T>(trail: Pick<CommandMeta, 'correlation' | 'traceparent'> | null, work: () => T): T {
  if (trail === null) return work();
  const { correlation, traceparent } = trail;
  const trace = traceparent === undefined ? {} : { trace: traceIdOf(traceparent) };
  return logContext.run({ ...logContext.getStore(), correlation, ...trace }, work);
}

function traceparentOf(trace: string, span: string, flags: number): string {
  return `00-${trace}-${span}-0${flags}`;
}

function newSpan(): string {
  return chanceDigits().slice(-SPAN_DIGITS);
}

/** 32 hexadecimal digits. Node draws the chance for many UUIDs at a time; a call for a few bytes costs more than all else here. */
function chanceDigits(): string {
  return randomUUID().replaceAll('-', '');
}
