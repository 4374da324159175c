import { describe, expect, it } from '@jest/globals';
import { instant, spanEnd, spanStart } from './members.js';

describe('the span of a query', () => {
  it('accepts instants, in UTC', () => {
    expect(spanStart.parse('2017-01-15T12:00:00+02:00')).toBe('2017-01-15T10:00:00Z');
    expect(spanEnd.parse('2017-01-15T12:00:00+02:00')).toBe('2017-01-15T10:00:00Z');
  });

  it('accepts days in Damascus, the last one included', () => {
    expect(spanStart.parse('2017-01-15')).toBe('2017-01-14T22:00:00Z');
    expect(spanEnd.parse('2017-01-15')).toBe('2017-01-15T22:00:00Z');
  });

  it('says what it accepts', () => {
    expect(spanStart.safeParse('2017-02-30').error?.issues[0]?.message).toMatch(/RFC 3339 instant .* or a day/);
  });
});

describe('an instant', () => {
  it.each([
    ['2017-01-15t10:00:00z', '2017-01-15T10:00:00Z'],
    ['2017-01-15t12:00:00.250+02:00', '2017-01-15T10:00:00.250Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59Z'],
    ['2016-12-31T23:59:60.500Z', '2016-12-31T23:59:59.500Z'],
    ['2017-01-01T02:59:60+03:00', '2016-12-31T23:59:59Z'],
  ])('may be %s', (given, inUtc) => {
    expect(instant.parse(given)).toBe(inUtc);
    expect(spanStart.parse(given)).toBe(inUtc);
  });

  it.each([
    '2017-01-15T10:00:60Z',
    '2017-01-15T23:59:60Z',
    '2016-12-31T23:59:61Z',
    '2016-12-31 23:59:59Z',
    '1899-12-31T00:00:00Z',
  ])('is not %s', (given) => {
    expect(instant.safeParse(given).success).toBe(false);
  });
});
