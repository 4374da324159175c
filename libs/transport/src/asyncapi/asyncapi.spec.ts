import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { packageRoot } from '#database';
import { SCHEMA_VERSIONS, type EventType } from '#domain';
import { Settings } from '#platform';
import { asyncApiOf } from './asyncapi.js';
import { EVENT_DATA, type DataOf } from './event-data.js';

type Golden = { readonly type: EventType; readonly schemaVersion: number; readonly samples: readonly unknown[] };

const GOLDEN = join(packageRoot(), 'libs/domain/src/evolution/golden');
const SAMPLES = readdirSync(GOLDEN)
  .map((file) => JSON.parse(readFileSync(join(GOLDEN, file), 'utf8')) as Golden)
  .filter(({ type, schemaVersion }) => schemaVersion === SCHEMA_VERSIONS[type])
  .flatMap(({ type, samples }) => samples.map((data) => ({ type, data })));

// `satisfies` in event-data.ts rejects schemas that accept more than the domain's types. This does not compile if a schema
// accepts less.
type Mutable<T> = T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;
const ACCEPT_ALL: {
  readonly [Type in EventType]: Mutable<DataOf<Type>> extends z.output<(typeof EVENT_DATA)[Type]> ? true : false;
} = Object.fromEntries(Object.keys(EVENT_DATA).map((type) => [type, true])) as Record<EventType, true>;

// The parser needs CommonJS modules, which jest's ES modules cannot load.
const VALIDATE = `
  import { Parser } from '@asyncapi/parser';
  let text = '';
  for await (const part of process.stdin) text += part;
  const { diagnostics } = await new Parser().parse(text);
  console.log(JSON.stringify(diagnostics.filter(({ severity }) => severity < 2).map(({ message, path }) => [message, path])));
`;

function problemsOf(document: object): unknown {
  const input = JSON.stringify(document);
  const options = { input, cwd: packageRoot(), encoding: 'utf8', env: { PATH: process.env['PATH'] } } as const;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', VALIDATE], options));
}

describe('the schema of the data', () => {
  it.each(SAMPLES)('of $type accepts stored data, with every member', ({ type, data }) => {
    expect(EVENT_DATA[type].parse(data)).toEqual(data);
  });

  it('exists for every type, with a sample', () => {
    expect(Object.keys(EVENT_DATA).sort()).toEqual(Object.keys(SCHEMA_VERSIONS).sort());
    expect(new Set(SAMPLES.map(({ type }) => type))).toEqual(new Set(Object.keys(ACCEPT_ALL)));
  });
});

describe('the AsyncAPI document', () => {
  const { kafka } = Settings.from({ KAFKA_TOPIC: 'other.events', KAFKA_PARTITIONS: '12' });
  const document = asyncApiOf(kafka);

  it('is valid', () => {
    expect(problemsOf(document)).toEqual([]);
  });

  it('would be invalid with a dangling reference', () => {
    const spoilt = JSON.stringify(document).replace('#/components/messages/ClaimMade', '#/components/messages/Nothing');
    expect(problemsOf(JSON.parse(spoilt) as object)).not.toEqual([]);
  });

  it('describes the topic and its settings', () => {
    expect(document).toMatchObject({
      asyncapi: '3.0.0',
      channels: { events: { address: 'other.events', bindings: { kafka: { partitions: 12, replicas: 1 } } } },
    });
  });

  it('describes headers, data and meta of every type', () => {
    const { messages, schemas } = (document as { components: Record<string, Record<string, unknown>> }).components;
    expect(Object.keys(messages ?? {}).sort()).toEqual(Object.keys(SCHEMA_VERSIONS).sort());
    expect(messages).toMatchObject({
      ReportSubmitted: {
        headers: { $ref: '#/components/schemas/Headers' },
        payload: { required: ['data', 'meta'], properties: { data: { $ref: '#/components/schemas/ReportSubmitted' } } },
      },
    });
    expect(schemas).toMatchObject({
      Headers: { required: expect.arrayContaining(['ce_id', 'ce_position', 'ce_prev']) },
    });
  });
});
