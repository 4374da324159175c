import { describe, expect, it } from '@jest/globals';
import { CloudEvent, Kafka } from 'cloudevents';
import { Partitioners } from 'kafkajs';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#database';
import type { StoredEvent } from '#event-log';
import { partitionOf } from '#projection';
import { eventOf, messageOf, MalformedMessage, type EventMessage, type ReceivedMessage } from './message.js';

type Golden = { readonly type: string; readonly schemaVersion: number; readonly samples: readonly unknown[] };

const GOLDEN = join(packageRoot(), 'libs/domain/src/evolution/golden');
const EVENTS = readdirSync(GOLDEN).flatMap((file) => {
  const { type, schemaVersion, samples } = JSON.parse(readFileSync(join(GOLDEN, file), 'utf8')) as Golden;
  return samples.map((data, sample) => ({
    name: `${file} ${sample + 1}`,
    event: stored({ type, schemaVersion, data }),
  }));
});

function stored(given: Partial<StoredEvent> = {}): StoredEvent {
  return {
    ...{ position: 4711, stream: 'incident-0f4b6a52-7a0e-4c9b-9d0a-0d7c1e6f1a01', version: 3 },
    ...{ key: 'وادي بردى', type: 'ReportSubmitted', schemaVersion: 1, data: { report: 'x' } },
    meta: {
      by: { who: 'vZ3kq0T9xJ2mB1cR8yLw4A', role: 'monitor', party: null },
      ...{ fingerprint: 'f00d', correlation: 'c0ffee' },
    },
    ...{ recordedAt: '2017-01-15T12:00:00.123Z', commandEnd: 4712 },
    ...given,
  };
}

/** As a client gets it from the broker: bytes. */
function received({ value, headers }: EventMessage): ReceivedMessage & { readonly headers: Record<string, Buffer> } {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))] as const);
  return { value: Buffer.from(value), headers: Object.fromEntries(bytes) };
}

const LOG = { log: '6f1d3c52-0d9e-4c55-9d0a-52c7a3f0a001', generation: '6f1d3c52-0d9e-4c55-9d0a-52c7a3f0a002' };

describe('A message', () => {
  it.each(EVENTS)('brings the same event as it was made of: $name', ({ event }) => {
    const back = eventOf(received(messageOf(event, 4700, LOG)));
    expect(JSON.stringify(back.event)).toBe(JSON.stringify(event));
    expect(back.prev).toBe(4700);
  });

  it.each(EVENTS)('is a CloudEvent to others: $name', ({ event }) => {
    const { key, value, headers } = messageOf(event, 0, LOG);
    const message = { key, value, body: value, headers: { ...headers }, timestamp: undefined };
    const read = Kafka.toEvent(message);
    if (!(read instanceof CloudEvent)) throw new Error('it was read as several');
    expect(read.validate()).toBe(true);
    expect(read).toMatchObject({
      ...{ id: '4711', source: 'urn:barada:log', subject: event.stream, time: event.recordedAt },
      type: `barada.event.${event.type}.v1`,
      ...{ partitionkey: event.key, position: '4711', prev: '0', data: { data: event.data, meta: event.meta } },
    });
  });

  it('carries the trace context of the request, and members that a newer program adds to meta', () => {
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const event = stored({ meta: { ...stored().meta, ...{ traceparent: trace, later: [1] } } });
    const message = messageOf(event, 0, LOG);
    expect(message.headers.ce_traceparent).toBe(trace);
    expect(messageOf(stored(), 0, LOG).headers).not.toHaveProperty('ce_traceparent');
    expect(eventOf(received(message)).event).toEqual(event);
  });

  it('has header names that CloudEvents allows', () => {
    const names = Object.keys(messageOf(stored(), 0, LOG).headers).filter((name) => name !== 'content-type');
    for (const name of names) expect(name).toMatch(/^ce_[a-z0-9]{1,20}$/);
  });

  it.each<[string, (message: ReturnType<typeof received>) => ReceivedMessage]>([
    ['no headers', ({ value }) => ({ value })],
    ['no position', ({ value, headers }) => ({ value, headers: { ...headers, ce_position: undefined } })],
    ['a position that is none', ({ value, headers }) => ({ value, headers: { ...headers, ce_position: '-1' } })],
    ['a foreign type', ({ value, headers }) => ({ value, headers: { ...headers, ce_type: 'com.example.Other' } })],
    ['no value', ({ headers }) => ({ value: null, headers })],
    ['a value that is no JSON', ({ headers }) => ({ value: 'x', headers })],
    ['a value without meta', ({ headers }) => ({ value: '{"data":{}}', headers })],
  ])('is not taken with %s', (_, spoilt) => {
    const message = spoilt(received(messageOf(stored(), 0, LOG)));
    expect(() => eventOf(message)).toThrow(MalformedMessage);
  });
});

describe('The partition of a key', () => {
  it("is the one of Kafka's default partitioner", () => {
    const partitioner = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 6 }, (_, partitionId) => ({
      ...{ partitionId, leader: 1, partitionErrorCode: 0, replicas: [1], isr: [1] },
    }));
    const keys = [
      '',
      'SY030702',
      'وادي بردى',
      ...Array.from({ length: 500 }, (_, index) => `incident-${index * 7919}`),
    ];
    const theirs = keys.map((key) => partitioner({ topic: 'topic', partitionMetadata, message: { key, value: null } }));
    expect(keys.map((key) => partitionOf(key, 6))).toEqual(theirs);
    expect(new Set(theirs)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });
});
