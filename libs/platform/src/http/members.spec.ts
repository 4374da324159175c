import { describe, expect, it } from '@jest/globals';
import { spanEnd, spanStart } from './members.js';

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
