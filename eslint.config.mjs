import js from '@eslint/js';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

// A later block replaces a rule's options, so what applies everywhere has a name here and is repeated.
const NO_ENUM = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };
const NO_BEGIN = {
  // `begin` of a pool, whatever its name: `sql.begin(...)`, `databases.analysis.begin(...)`.
  selector: [
    "CallExpression[callee.property.name='begin'][callee.object.name=/^[a-z]/]",
    "CallExpression[callee.property.name='begin'][callee.object.type='MemberExpression']",
  ].join(', '),
  message:
    'A write is one statement, or runs in a guarded session (docs/decisions/0009): postgres #1066, #1154, #1208.',
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '**/*.mjs', '**/*.cjs'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A smaller language.
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', NO_ENUM, NO_BEGIN],
      // Sizes are warnings: a reason may outweigh them.
      'max-lines': ['warn', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['warn', { max: 40, skipBlankLines: true, skipComments: true }],
      complexity: ['warn', 10],
      'max-depth': ['warn', 3],
      'max-params': ['warn', 4],
    },
  },
  {
    files: ['libs/domain/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', '@nestjs/*', 'kafkajs', 'postgres', 'rxjs', 'zod'],
              message: 'The domain is pure: no framework, no I/O.',
            },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        'process',
        'console',
        'fetch',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'queueMicrotask',
        'crypto',
      ],
      'no-restricted-syntax': [
        'error',
        NO_ENUM,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time is part of the command.',
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Time is part of the command.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'Ids and random values are part of the command.',
        },
        { selector: ':function[async=true]', message: 'The domain is synchronous: no I/O.' },
        {
          selector: 'ClassDeclaration[superClass.name!="Error"]',
          message: 'Use data and functions; only errors are classes.',
        },
      ],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'test/**/*.ts'],
    ignores: ['test/support/fast-check.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: 'fast-check', message: 'Import fc from test/support/fast-check.ts: it has a fixed seed.' },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.contract.ts', 'test/**/*.ts'],
    plugins: { jest },
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/no-identical-title': 'error',
      'jest/no-conditional-expect': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'jest', property: 'mock', message: 'Pass a fake to the module; do not patch imports.' },
        {
          object: 'jest',
          property: 'unstable_mockModule',
          message: 'Pass a fake to the module; do not patch imports.',
        },
      ],
    },
  },
);
