// docs/api.md names every route of the controllers, and promises none that does not exist.
import { describe, expect, it } from '@jest/globals';
import { readText, repositoryFiles } from './repository-files.js';

const PLANNED = /\bplanned\b/i;

/** Names of parameters are no part of the interface. */
function route(method: string, path: string): string {
  const [plain = ''] = path.split('?');
  return `${method.toUpperCase()} ${plain.replaceAll(/:[a-z]+|\{[a-zA-Z]+\}/g, '{}').replace(/\/$/, '')}`;
}

/** From decorators: `@Controller('v1/alerts')`, then `@Get(':id')`. */
function implemented(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { text } of repositoryFiles(['libs/*/src/**/*.controller.ts', 'apps/*/src/**/*.controller.ts'])) {
    let base = '';
    for (const [, decorator = '', path = ''] of text.matchAll(
      /^\s*@(Controller|Get|Post|Put|Patch|Delete)\((?:'([^']*)')?/gm,
    )) {
      if (decorator === 'Controller') base = path;
      else found.add(route(decorator, `/${[base, path].filter((part) => part !== '').join('/')}`));
    }
  }
  return found;
}

/** In backticks, on lines that do not say "planned". */
function promised(): ReadonlySet<string> {
  const lines = readText('docs/api.md').split('\n');
  return new Set(
    lines
      .filter((line) => !PLANNED.test(line))
      .flatMap((line) => [...line.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`\s]*)/g)])
      .map(([, method = '', path = '']) => route(method, path)),
  );
}

describe('docs/api.md', () => {
  it('names every route', () => {
    expect([...implemented()].filter((one) => !promised().has(one))).toEqual([]);
  });

  it('promises no route that does not exist', () => {
    expect([...promised()].filter((one) => !implemented().has(one))).toEqual([]);
  });
});
