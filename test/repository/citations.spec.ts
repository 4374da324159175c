// Code and documents cite rules.md and api.md by rule, section and heading: what is cited exists, and links resolve.
import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { citationsIn } from './citations.js';
import { anchorsOf, headingsOf, readText, repositoryFiles, ROOT, withoutCodeBlocks } from './repository-files.js';

const headings = headingsOf(readText('docs/rules.md'));
const numbersOf = (heading: RegExp): ReadonlySet<number> =>
  new Set(headings.flatMap((one) => Number(heading.exec(one)?.[1] ?? NaN)).filter(Number.isInteger));
const KNOWN = {
  rule: numbersOf(/^Rule (\d+)\./),
  section: numbersOf(/^(\d+)\./),
};
const API_SECTIONS: ReadonlySet<string> = new Set(headingsOf(readText('docs/api.md')));

describe('rules.md', () => {
  it('has the rules 1 to 29 and the sections 1 to 6', () => {
    expect([...KNOWN.rule]).toEqual(Array.from({ length: 29 }, (_, index) => index + 1));
    expect([...KNOWN.section]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('a citation', () => {
  it('is read over the end of a line, as a list and as a range', () => {
    const text =
      '// The score (rules.md, section 4,\n// rules 4-6, 12 and 15). See api.md, "Monitors"; rules.md says 99.';
    expect(citationsIn(text)).toEqual([
      { document: 'rules.md', kind: 'section', number: 4 },
      ...[4, 5, 6, 12, 15].map((number) => ({ document: 'rules.md', kind: 'rule', number })),
      { document: 'api.md', section: 'Monitors' },
    ]);
  });

  it('names a rule or a section that exists', () => {
    const missing = repositoryFiles()
      .filter(({ path }) => path !== 'test/repository/citations.spec.ts')
      .flatMap(({ path, text }) =>
        citationsIn(text)
          .filter((cited) =>
            cited.document === 'api.md' ? !API_SECTIONS.has(cited.section) : !KNOWN[cited.kind].has(cited.number),
          )
          .map((cited) => ({ path, ...cited })),
      );
    expect(missing).toEqual([]);
  });
});

describe('a relative link in a document', () => {
  it('leads to a file and a heading that exist', () => {
    const broken = repositoryFiles(['*.md', 'docs/**/*.md', 'test/**/*.md']).flatMap(({ path, text }) =>
      [...withoutCodeBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target) && !resolves(path, target))
        .map((target) => `${path} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

function resolves(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || !path.endsWith('.md') || anchorsOf(readText(path)).has(anchor);
}
