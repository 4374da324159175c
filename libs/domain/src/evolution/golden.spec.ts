import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SCHEMA_VERSIONS, type EventType } from '../event.js';
import { toDomainEvent } from './evolution.js';
import { SAMPLES } from './samples.fixture.js';
import { shapeOf } from './shape.fixture.js';

type Golden = { readonly type: string; readonly schemaVersion: number; readonly samples: readonly unknown[] };

const FOLDER = join(import.meta.dirname, 'golden');
const TYPES = Object.entries(SCHEMA_VERSIONS) as [EventType, number][];
const VERSIONS = TYPES.flatMap(([type, newest]) =>
  Array.from({ length: newest }, (_, index) => ({ type, version: index + 1 })),
);

function golden(type: EventType, version: number): Golden {
  return JSON.parse(readFileSync(join(FOLDER, `${type}.v${version}.json`), 'utf8')) as Golden;
}

// The golden files are never edited: logs contain events of these shapes. When a shape changes, add a new schema version:
// an upcaster in upcasters.ts and a new file beside the old ones.
describe('The golden corpus', () => {
  it('has one file per event type and version, and no other', () => {
    const expected = VERSIONS.map(({ type, version }) => `${type}.v${version}.json`);
    expect(readdirSync(FOLDER).sort()).toEqual(expected.sort());
  });

  it.each(VERSIONS)('upcasts $type version $version to the current shape', ({ type, version }) => {
    const { samples, ...head } = golden(type, version);
    expect(head).toEqual({ type, schemaVersion: version });
    expect(samples.length).toBeGreaterThan(0);
    const shapes = SAMPLES[type].map(shapeOf);
    for (const data of samples)
      expect(shapes).toContain(shapeOf(toDomainEvent({ type, schemaVersion: version, data }).data));
  });

  it.each(TYPES)('has %s in all the shapes that are written now', (type, newest) => {
    expect(golden(type, newest).samples.map(shapeOf)).toEqual(SAMPLES[type].map(shapeOf));
  });
});

describe('A shape', () => {
  it('distinguishes members, types and nulls, not values or lengths', () => {
    expect(shapeOf({ b: 1, a: [{ c: 'x' }] })).toBe(shapeOf({ a: [{ c: 'y' }, { c: 'z' }], b: 2 }));
    expect(shapeOf({ a: 1 })).not.toBe(shapeOf({ a: '1' }));
    expect(shapeOf({ a: null })).not.toBe(shapeOf({}));
    expect(shapeOf([1])).not.toBe(shapeOf([]));
  });
});
