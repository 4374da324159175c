import { describe, expect, it } from '@jest/globals';
import { parseIfMatch } from './command-request.js';

describe('If-Match', () => {
  it.each([
    [undefined, { ifMatch: null }],
    ['*', { ifMatch: null, anyVersion: true }],
    ['"7"', { ifMatch: 7 }],
    [' 7 ', { ifMatch: 7 }],
    ['"6", "7"', { ifMatch: 7 }],
    ['W/"8", "7", "a-b"', { ifMatch: 7 }],
  ])('is read from %j', (header, parsed) => {
    expect(parseIfMatch(header)).toEqual(parsed);
  });

  it.each(['W/"7"', '"abc"', '""'])('never matches %s', (header) => {
    expect(() => parseIfMatch(header)).toThrow('names no version');
  });

  it.each(['seven', '"7', '*, "7"', ''])('is malformed as %j', (header) => {
    expect(() => parseIfMatch(header)).toThrow('must be *, or ETags');
  });
});
