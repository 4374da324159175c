// What is built and put into the image has no test-only files.
import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { readText, ROOT } from './repository-files.js';

const TEST_ONLY = ['spec', 'contract', 'fixture'];

describe('the build', () => {
  it('leaves out specs, contracts and fixtures', () => {
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const listed = execFileSync(tsc, ['-p', 'tsconfig.build.json', '--listFilesOnly'], { cwd: ROOT, encoding: 'utf8' });
    const ours = listed
      .split('\n')
      .map((file) => relative(ROOT, file))
      .filter((file) => /^(apps|libs)\//.test(file));
    expect(ours.length).toBeGreaterThan(300);
    expect(ours.filter((file) => TEST_ONLY.some((kind) => file.endsWith(`.${kind}.ts`)))).toEqual([]);
  });
});

describe('the context of the image', () => {
  it('leaves out specs, contracts and fixtures', () => {
    expect(readText('.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(TEST_ONLY.map((kind) => `**/*.${kind}.ts`)),
    );
  });
});
