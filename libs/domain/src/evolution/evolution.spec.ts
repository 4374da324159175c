import { describe, expect, it } from '@jest/globals';
import { toDomainEvent, UnknownEvent, upcast, type Evolution } from './evolution.js';

// A type with a past: its text became two languages, then it got a tone.
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
  it('is brought up step by step, and keeps the rest of what was stored', () => {
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

  it('is not changed in its place', () => {
    const written = { type: 'Greeted', schemaVersion: 1, data: { text: 'hello' } };
    upcast(written, EVOLUTION);
    expect(written).toEqual({ type: 'Greeted', schemaVersion: 1, data: { text: 'hello' } });
  });

  it('is a fault of the program where a step is missing', () => {
    const gap: Evolution = { versions: { Greeted: 3 }, upcasters: { Greeted: { 1: (data) => data } } };
    expect(() => upcast({ type: 'Greeted', schemaVersion: 1, data: {} }, gap)).toThrow(
      'nothing brings Greeted from version 2 to 3',
    );
  });
});

describe('An event of the newest version', () => {
  it('is handed on untouched', () => {
    const written = { type: 'Parted', schemaVersion: 1, data: {} };
    expect(upcast(written, EVOLUTION)).toBe(written);
  });
});

describe('An event that this program does not know', () => {
  it.each([
    ['an unknown type', { type: 'Vanished', schemaVersion: 1, data: {} }],
    ['a newer version', { type: 'ClaimMade', schemaVersion: 2, data: {} }],
    ['what only looks like a type', { type: 'toString', schemaVersion: 1, data: {} }],
    ['a version that never was', { type: 'ClaimMade', schemaVersion: 0, data: {} }],
  ])('is refused: %s', (_, written) => {
    expect(() => toDomainEvent(written)).toThrow(UnknownEvent);
    expect(() => toDomainEvent(written)).toThrow(
      `event type ${written.type} version ${written.schemaVersion} is unknown`,
    );
  });
});
