// Finds the root folder of the package, from the sources and from the build.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest parent folder whose package.json has `imports`: ours, in a checkout and in an installed package. */
export function packageRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && 'imports' in (JSON.parse(readFileSync(manifest, 'utf8')) as object)) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json with imports above ${from}`);
  }
}
