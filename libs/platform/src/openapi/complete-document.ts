// Adds what Nest's OpenAPI document lacks: problems, list formats, roles, and examples where readers expect them.
import type { OpenAPIObject } from '@nestjs/swagger';

export const PUBLIC_EXTENSION = 'x-public';
export const ROLES_EXTENSION = 'x-roles';

type Tree = Record<string, unknown>;
type Content = Record<string, Tree>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

const PROBLEM = {
  description: 'Problem details (RFC 9457)',
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'what is wrong and how to fix it' },
    instance: { type: 'string' },
    code: { type: 'string', description: 'stable, for programs' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'RFC 6901' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

// A list has the schema of its JSON form; the other formats get theirs here.
const FORMAT_SCHEMAS: Readonly<Record<string, Tree>> = {
  'text/csv': { type: 'string', description: 'a header line, then one line per row' },
  'application/x-ndjson': { type: 'string', description: 'one JSON row per line' },
  'application/geo+json': { type: 'object', description: 'a FeatureCollection; a row is the properties of a feature' },
};

export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  const root = document as unknown as Tree;
  for (const operation of operationsOf(document).map(([, found]) => found)) completeOperation(operation, root);
  const components = { ...document.components, schemas: { ...document.components?.schemas, Problem: PROBLEM } };
  return { ...document, security: [{ bearer: [] }], components };
}

/** Names (such as `GET /v1/status`) of requests whose body or path has no example. A test requires that there are none. */
export function requestsWithoutExample(document: OpenAPIObject): readonly string[] {
  return operationsOf(document)
    .filter(([, operation]) => lacksExample(operation))
    .map(([name]) => name);
}

export function operationsOf(document: OpenAPIObject): readonly (readonly [name: string, operation: Tree])[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Tree>)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
}

function completeOperation(operation: Tree, document: Tree): void {
  if (operation[PUBLIC_EXTENSION] === true) operation['security'] = [];
  const roles = operation[ROLES_EXTENSION];
  if (Array.isArray(roles))
    operation['description'] = [operation['description'], `Roles: ${roles.join(', ')}.`].filter(Boolean).join('\n\n');
  const requested = contentOf(operation['requestBody']);
  for (const content of Object.values(requested)) showExample(content, document);
  describeBulk(requested);
  const responses = operation['responses'] as Record<string, Tree>;
  for (const response of Object.values(responses)) describeFormats(contentOf(response));
  responses['default'] ??= {
    description: 'What is wrong and how to fix it',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function contentOf(part: unknown): Content {
  return ((part as Tree | undefined)?.['content'] ?? {}) as Content;
}

function showExample(content: Tree, document: Tree): void {
  if (content['example'] !== undefined || content['examples'] !== undefined) return;
  const example = resolved(content['schema'], document)['example'];
  if (example !== undefined) content['example'] = example;
}

function resolved(schema: unknown, document: Tree): Tree {
  const { $ref } = (schema ?? {}) as Tree;
  if (typeof $ref !== 'string') return (schema ?? {}) as Tree;
  const steps = $ref.replace('#/', '').split('/');
  return steps.reduce((tree, step) => (tree[step] ?? {}) as Tree, document);
}

function describeFormats(content: Content): void {
  for (const [mediaType, schema] of Object.entries(FORMAT_SCHEMAS))
    if (content[mediaType] !== undefined) content[mediaType] = { schema };
}

// A bulk has one such object per line.
function describeBulk(content: Content): void {
  const lines = content['application/x-ndjson'];
  if (lines === undefined) return;
  const schema = { type: 'string', description: 'one object per line, each as in application/json' };
  content['application/x-ndjson'] = { schema, example: `${JSON.stringify(lines['example'])}\n` };
}

function lacksExample(operation: Tree): boolean {
  const bodies = Object.values(contentOf(operation['requestBody']));
  const parameters = (operation['parameters'] ?? []) as readonly Tree[];
  const inPath = parameters.filter((parameter) => parameter['in'] === 'path');
  return [...bodies, ...inPath].some((part) => !hasExample(part));
}

function hasExample(part: Tree): boolean {
  const { example, examples, schema } = part;
  return [example, examples, (schema as Tree | undefined)?.['example']].some((found) => found !== undefined);
}
