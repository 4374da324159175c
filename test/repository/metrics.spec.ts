// docs/observability/metrics.md names every metric of the code, and no other.
import { describe, expect, it } from '@jest/globals';
import { readText, repositoryFiles } from './repository-files.js';

/** Names in the same form that are no metrics: database roles, channels, file names. */
const NOT_METRICS: ReadonlySet<string> = new Set([
  'barada_alerts',
  'barada_append',
  'barada_analysis',
  'barada_intake',
  'barada_log',
  'barada_signals',
]);

function inCode(): readonly string[] {
  const sources = repositoryFiles(['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts']).filter(
    ({ path }) => !/\.(spec|fixture|contract)\.ts$/.test(path),
  );
  const names = sources.flatMap(({ text }) => [...text.matchAll(/'(barada_[a-z_]+)'/g)].map(([, name = '']) => name));
  return [...new Set(names)].filter((name) => !NOT_METRICS.has(name)).sort();
}

function inDocument(): readonly string[] {
  const rows = readText('docs/observability/metrics.md').matchAll(/^\| `(barada_[a-z_]+)`/gm);
  return [...rows].map(([, name = '']) => name).sort();
}

describe('docs/observability/metrics.md', () => {
  it('names the metrics of the code and no other', () => {
    expect(inDocument()).toEqual(inCode());
  });
});
