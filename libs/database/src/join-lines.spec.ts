import { describe, expect, it } from '@jest/globals';
import { joinLines } from './join-lines.js';

describe('A column of texts', () => {
  it('is one text with one value per line', () => {
    expect(joinLines(['SY01', '', '{"a":"b\\n"}'])).toBe('SY01\n\n{"a":"b\\n"}');
  });

  it('is refused if a value contains a line break', () => {
    expect(() => joinLines(['SY01', 'SY\n02'])).toThrow('there is a line break in "SY\\n02"');
  });
});
