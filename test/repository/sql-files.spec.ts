// SQL is in files that are named for it, so that every statement of the system can be found and reviewed.
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { repositoryFiles } from './repository-files.js';

const CODE = ['{apps,libs}/**/*.ts'];
const NAMED_FOR_SQL = /(-store|\.sql)\.ts$/;
/** Code of tests only: it reads and damages tables as each test needs. */
const TEST_ONLY = /\.(spec|fixture|contract)\.ts$/;
/** Its files are to be written again. */
const TO_BE_REBUILT = 'libs/status/';

/**
 * No file is exempt as a whole for transaction control: `begin`, `commit`, savepoints and `set local` are functions in
 * transaction.sql.ts, savepoint.sql.ts and transaction-settings.sql.ts. This one holds no statement.
 */
const EXEMPT: Readonly<Record<string, string>> = {
  'libs/database/src/statement.ts': 'passes the statements of others on, in `unsafe` too',
};

/** Every tagged template with text, apart from String.raw, and every call of `unsafe`. */
function statementsIn(path: string, text: string): readonly string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isStatement(node, source)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${path}:${line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isStatement(node: ts.Node, source: ts.SourceFile): boolean {
  if (ts.isTaggedTemplateExpression(node)) {
    const isEmpty = ts.isNoSubstitutionTemplateLiteral(node.template) && node.template.text === '';
    return !isEmpty && node.tag.getText(source) !== 'String.raw';
  }
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'unsafe'
  );
}

describe('SQL', () => {
  const files = repositoryFiles(CODE).filter(({ path }) => !TEST_ONLY.test(path) && !path.startsWith(TO_BE_REBUILT));

  it('is in files named *-store.ts or *.sql.ts', () => {
    const others = files.filter(({ path }) => !NAMED_FOR_SQL.test(path) && !(path in EXEMPT));
    expect(others.length).toBeGreaterThan(200);
    expect(others.flatMap(({ path, text }) => statementsIn(path, text))).toEqual([]);
  });

  it('is found in the files that are named for it', () => {
    const named = files.filter(({ path }) => NAMED_FOR_SQL.test(path));
    expect(named.filter(({ path, text }) => statementsIn(path, text).length === 0)).toEqual([]);
  });

  it.each([
    ['a tagged template', 'await sql`select 1`;'],
    ['one with a type', 'await session<{ a: number }[]>`update t set a = ${a}`;'],
    ['one of a member', 'await this.parts.sql`begin`;'],
    ['text', 'await sql.unsafe(text);'],
  ])('is recognised as %s', (_, code) => {
    expect(statementsIn('some.ts', code)).toEqual(['some.ts:1']);
  });

  it('is not mistaken for other templates', () => {
    expect(statementsIn('some.ts', 'f(`select ${a}`, String.raw`\\d`, sql``)')).toEqual([]);
  });
});
