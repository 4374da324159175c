// The files of this repository as the checks of it read them: what people wrote, not what was installed or built.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

const WRITTEN = ['{apps,libs,test,docs,.ci}/**/*.{ts,mjs,cjs,sql,md,json,yml,yaml,sh}', '*.{md,mjs,cjs,json,yml}'];
const NOT_OURS = ['**/node_modules/**', 'dist/**', 'package-lock.json', '**/package-lock.json'];

export type RepositoryFile = {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
};

/** Files that match one of the patterns; all that people wrote where none is given. */
export function repositoryFiles(patterns: readonly string[] = WRITTEN): readonly RepositoryFile[] {
  return globSync([...patterns], { cwd: ROOT, exclude: NOT_OURS })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The anchors of a Markdown document, as GitHub makes them from its headings. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const heading of headingsOf(markdown)) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

export function headingsOf(markdown: string): readonly string[] {
  return [...withoutCodeBlocks(markdown).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) =>
    heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'),
  );
}

export function withoutCodeBlocks(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
}
