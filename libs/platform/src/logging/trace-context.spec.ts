import { describe, expect, it } from '@jest/globals';
import { newTraceContext, childTraceparent, traceIdOf, continueTrace } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const OURS = /^00-[\da-f]{32}-[\da-f]{16}-01$/;

describe('a trace context', () => {
  it('is new for each command, and is sampled', () => {
    const [one, other] = [newTraceContext(), newTraceContext()];
    expect(one.traceparent).toMatch(OURS);
    expect(traceIdOf(one.traceparent)).not.toBe(traceIdOf(other.traceparent));
    expect(one.correlation).not.toBe(other.correlation);
  });

  it('continues a trace with a new span and a new correlation id', () => {
    const [one, other] = [continueTrace(`00-${TRACE}-${SPAN}-01`), continueTrace(`00-${TRACE}-${SPAN}-01`)];
    expect(one?.traceparent).toMatch(new RegExp(`^00-${TRACE}-[\\da-f]{16}-01$`));
    expect(one?.traceparent).not.toContain(SPAN);
    expect(one?.correlation).not.toBe(other?.correlation);
  });

  it.each([
    ['says whether the caller records', `00-${TRACE}-${SPAN}-00`, '-00'],
    ['leaves out the flags that it does not know', `00-${TRACE}-${SPAN}-fe`, '-00'],
    ['takes what it understands of a later version', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be`, '-01'],
  ])('%s', (_, given, end) => {
    const { traceparent = '' } = continueTrace(given) ?? {};
    expect(traceparent.startsWith(`00-${TRACE}-`)).toBe(true);
    expect(traceparent.endsWith(end)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'abu-x',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `cc-${TRACE}-${SPAN}-01.more`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
  ])('does not continue %j', (given) => {
    expect(continueTrace(given)).toBeNull();
  });

  it('has a new span for each outgoing call', () => {
    expect(childTraceparent(`00-${TRACE}-${SPAN}-01`, Buffer.from('0102030405060708', 'hex'))).toBe(
      `00-${TRACE}-0102030405060708-01`,
    );
  });
});
