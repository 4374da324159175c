import { describe, expect, it } from '@jest/globals';
import { damascusDay, instantOf, oneUnitLater, secondsOf, startOfDamascusDay } from './time.js';
import type { TimePrecision } from './vocabulary.js';

function later(instant: string, unit: TimePrecision): string {
  return instantOf(oneUnitLater(secondsOf(instant), unit));
}

function startOf(day: string): string {
  return instantOf(startOfDamascusDay(day));
}

describe('an instant', () => {
  it('is whole seconds inside and RFC 3339 outside', () => {
    expect(secondsOf('1970-01-01T00:00:01.999Z')).toBe(1);
    expect(secondsOf('2016-12-30T00:00:00+02:00')).toBe(secondsOf('2016-12-29T22:00:00Z'));
    expect(instantOf(secondsOf('2016-12-30T00:00:00+02:00'))).toBe('2016-12-29T22:00:00Z');
  });

  it('is refused where it is none', () => {
    expect(() => secondsOf('yesterday')).toThrow('not an RFC 3339 instant');
  });
});

describe('a day in Damascus', () => {
  it('begins two hours before the day of UTC in winter, three in summer', () => {
    expect(startOf('2017-01-15')).toBe('2017-01-14T22:00:00Z');
    expect(startOf('2017-07-15')).toBe('2017-07-14T21:00:00Z');
    expect(damascusDay(secondsOf('2017-01-14T21:59:59Z'))).toBe('2017-01-14');
    expect(damascusDay(secondsOf('2017-01-14T22:00:00Z'))).toBe('2017-01-15');
  });

  it('begins at one where the clock skips midnight', () => {
    expect(startOf('2017-03-31')).toBe('2017-03-30T22:00:00Z');
    expect(startOf('2017-04-01')).toBe('2017-03-31T21:00:00Z');
  });

  it('begins at the only midnight where the hour before comes twice', () => {
    expect(startOf('2017-10-27')).toBe('2017-10-26T22:00:00Z');
    expect(damascusDay(secondsOf('2017-10-26T21:30:00Z'))).toBe('2017-10-26');
  });

  it('keeps summer time all the year from 2022 on', () => {
    expect(startOf('2024-01-15')).toBe('2024-01-14T21:00:00Z');
  });
});

describe('one unit later', () => {
  it('is a plain minute or hour', () => {
    expect(later('2017-03-30T21:59:30Z', 'minute')).toBe('2017-03-30T22:00:30Z');
    expect(later('2017-03-30T21:30:00Z', 'hour')).toBe('2017-03-30T22:30:00Z');
  });

  it('is the same time of the next day or week in Damascus', () => {
    expect(later('2017-01-14T22:00:00Z', 'day')).toBe('2017-01-15T22:00:00Z');
    expect(later('2017-03-30T10:00:00Z', 'day')).toBe('2017-03-31T09:00:00Z');
    expect(later('2017-03-29T22:00:00Z', 'day')).toBe('2017-03-30T22:00:00Z');
    expect(later('2017-10-26T10:00:00Z', 'day')).toBe('2017-10-27T11:00:00Z');
    expect(later('2017-10-20T10:00:00Z', 'week')).toBe('2017-10-27T11:00:00Z');
  });

  it('is the next midnight for a day that begins at one', () => {
    expect(later('2017-03-30T22:00:00Z', 'day')).toBe('2017-03-31T21:00:00Z');
    expect(later('2017-03-30T22:00:00Z', 'week')).toBe('2017-04-06T21:00:00Z');
  });

  it('is the same day of the next month, or its last one', () => {
    expect(later('2017-01-14T22:00:00Z', 'month')).toBe('2017-02-14T22:00:00Z');
    expect(later('2017-01-31T10:00:00Z', 'month')).toBe('2017-02-28T10:00:00Z');
    expect(later('2016-12-15T10:00:00Z', 'month')).toBe('2017-01-15T10:00:00Z');
    expect(later('2017-03-15T10:00:00Z', 'month')).toBe('2017-04-15T09:00:00Z');
  });
});
