import { describe, expect, it } from '@jest/globals';
import { toDomainEvent, UnknownEvent, upcast, type Evolution } from './evolution.js';

// A type with three versions: its text became two languages, then it got a tone.
const EVOLUTION: Evolution = {
  versions: { Greeted: 3, Parted: 1 },
  upcasters: {
    Greeted: {
      1: (data) => ({ words: { en: (data as { text: string }).text, ar: null } }),
      2: (data) => ({ ...(data as object), tone: 'unknown' }),
    },
  },
};

describe('An event of an older version', () => {
  it('is upcast step by step, and keeps its other stored members', () => {
    const written = { position: 7, type: 'Greeted', schemaVersion: 1, data: { text: 'hello' } };
    expect(upcast(written, EVOLUTION)).toEqual({
      ...{ position: 7, type: 'Greeted', schemaVersion: 3 },
      data: { words: { en: 'hello', ar: null }, tone: 'unknown' },
    });
  });

  it('starts from the version that it was written in', () => {
    const written = { type: 'Greeted', schemaVersion: 2, data: { words: { en: 'hello', ar: 'مرحبا' } } };
    expect(upcast(written, EVOLUTION).data).toEqual({ words: { en: 'hello', ar: 'مرحبا' }, tone: 'unknown' });
  });

  it('is not mutated', () => {
    const written = { type: 'Greeted', schemaVersion: 1, data: { text: 'hello' } };
    upcast(written, EVOLUTION);
    expect(written).toEqual({ type: 'Greeted', schemaVersion: 1, data: { text: 'hello' } });
  });

  it('throws when an upcaster is missing', () => {
    const gap: Evolution = { versions: { Greeted: 3 }, upcasters: { Greeted: { 1: (data) => data } } };
    expect(() => upcast({ type: 'Greeted', schemaVersion: 1, data: {} }, gap)).toThrow(
      'Greeted has no upcaster from version 2 to 3',
    );
  });
});

describe('An event of the current version', () => {
  it('is returned unchanged', () => {
    const written = { type: 'Parted', schemaVersion: 1, data: {} };
    expect(upcast(written, EVOLUTION)).toBe(written);
  });
});

describe('An event of an unknown type or version', () => {
  it.each([
    ['an unknown type', { type: 'Vanished', schemaVersion: 1, data: {} }],
    ['a newer version', { type: 'ClaimMade', schemaVersion: 2, data: {} }],
    ['a name from the object prototype', { type: 'toString', schemaVersion: 1, data: {} }],
    ['version 0', { type: 'ClaimMade', schemaVersion: 0, data: {} }],
  ])('is refused: %s', (_, written) => {
    expect(() => toDomainEvent(written)).toThrow(UnknownEvent);
    expect(() => toDomainEvent(written)).toThrow(
      `event type ${written.type} version ${written.schemaVersion} is unknown`,
    );
  });
});
