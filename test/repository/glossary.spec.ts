// docs/glossary.md names types and functions of the code that exist.
import { describe, expect, it } from '@jest/globals';
import { readText, repositoryFiles } from './repository-files.js';

describe('docs/glossary.md', () => {
  it('names only identifiers that the code has', () => {
    const code = repositoryFiles(['libs/*/src/**/*.ts']).map(({ text }) => text);
    const words = new Set(code.flatMap((text) => text.match(/\b[A-Za-z]+\b/g) ?? []));
    const terms = readText('docs/glossary.md')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|')[1] ?? '');
    const named = terms.flatMap((term) => [...term.matchAll(/`([A-Za-z]+)`/g)].map(([, name = '']) => name));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !words.has(name))).toEqual([]);
  });
});
