import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SCHEMA_VERSIONS, type EventType } from '../event.js';
import { toDomainEvent } from './evolution.js';
import { NEWEST } from './samples.fixture.js';
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

// The files are never edited: they are what logs hold. A spec that fails here wants a new version, a step in
// upcasters.ts and a file beside the old ones.
describe('The golden corpus', () => {
  it('has one file per event type and version, and no other', () => {
    const expected = VERSIONS.map(({ type, version }) => `${type}.v${version}.json`);
    expect(readdirSync(FOLDER).sort()).toEqual(expected.sort());
  });

  it.each(VERSIONS)('$type version $version is brought up to the shape of today', ({ type, version }) => {
    const { samples, ...head } = golden(type, version);
    expect(head).toEqual({ type, schemaVersion: version });
    expect(samples.length).toBeGreaterThan(0);
    const shapes = NEWEST[type].map(shapeOf);
    for (const data of samples)
      expect(shapes).toContain(shapeOf(toDomainEvent({ type, schemaVersion: version, data }).data));
  });

  it.each(TYPES)('holds %s in all the shapes that are written today', (type, newest) => {
    expect(golden(type, newest).samples.map(shapeOf)).toEqual(NEWEST[type].map(shapeOf));
  });
});

describe('A shape', () => {
  it('tells members, kinds and nulls apart, not values or lengths', () => {
    expect(shapeOf({ b: 1, a: [{ c: 'x' }] })).toBe(shapeOf({ a: [{ c: 'y' }, { c: 'z' }], b: 2 }));
    expect(shapeOf({ a: 1 })).not.toBe(shapeOf({ a: '1' }));
    expect(shapeOf({ a: null })).not.toBe(shapeOf({}));
    expect(shapeOf([1])).not.toBe(shapeOf([]));
  });
});
