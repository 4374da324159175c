// The language of the repository: "behind" means lag and nothing else, and rules are cited in one form.
import { describe, expect, it } from '@jest/globals';
import { repositoryFiles } from './repository-files.js';

/** This file, and migrations that were published before the rule: they never change. */
const EXEMPT: ReadonlySet<string> = new Set([
  'test/repository/words.spec.ts',
  'libs/event-log/sql/0010-log.sql',
  'libs/projection/sql/0021-dead-letters.sql',
  'libs/status/sql/0204-past-courses.sql',
]);

/** A line that has one of these is about lag. */
const ABOUT_LAG = /\blag|\bevents? behind|\bpositions? behind|\bseconds behind|\bfall|\bfell|\bhead\b/i;

function linesWith(word: RegExp, isAllowed: (line: string) => boolean): readonly string[] {
  return repositoryFiles()
    .filter(({ path }) => !EXEMPT.has(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          word.test(line) && !isAllowed(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
        ),
    );
}

describe('the word "behind"', () => {
  it('is about lag alone', () => {
    const isAboutLag = (line: string): boolean => ABOUT_LAG.test(line);
    const isStyleRule = (line: string): boolean => line.includes('"Behind" is only for lag');
    expect(linesWith(/\bbehind\b/i, (line) => isAboutLag(line) || isStyleRule(line))).toEqual([]);
  });
});

describe('a citation', () => {
  it('names docs/rules.md or docs/api.md, not the papers that they were made from', () => {
    expect(linesWith(/\bDOMAIN\b|\bAPI\.md\b|\bDESIGN\b/, () => false)).toEqual([]);
  });
});
