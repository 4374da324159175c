import { describe, expect, it } from '@jest/globals';
import { arrayText, parseArray } from './arrays.js';

describe('The text of an array', () => {
  it.each([
    [[], '{}'],
    [['SY01', 'a b', ''], '{"SY01","a b",""}'],
    [['a "quoted" text', 'back\\slash', '{', ','], '{"a \\"quoted\\" text","back\\\\slash","{",","}'],
    [['NULL', null], '{"NULL",NULL}'],
    [[1, -2.5], '{1,-2.5}'],
  ])('of %j is %s', (values, text) => {
    expect(arrayText(values)).toBe(text);
  });

  it('is parsed back to the same values', () => {
    const texts = ['', 'NULL', 'line\nbreak', '"', '\\', '\\"', '{a,b}', ' ', '7'];
    expect(parseArray(arrayText(texts), String)).toEqual(texts);
  });
});
