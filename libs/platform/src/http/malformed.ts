// Turns zod issues into messages for the caller: where, what is wrong, and what is expected.
import { z } from 'zod';
import { nearest } from '../nearest.js';
import { Problem, type FieldError } from './problem.js';
import { bare, knownMembers, schemasAt, valueAt, withoutOptionalNulls } from './schema-paths.js';

type Issue = z.core.$ZodIssue;
type ParseContext = { readonly schema: z.core.$ZodType; readonly input: unknown };

const ERRORS_MAX = 50;

/** Parses a value, or throws Problem 400. For input that no pipe validates, such as a line of a bulk. */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const given = withoutOptionalNulls(schema, input);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw malformed(parsed.error.issues, { schema, input: given });
}

export function malformed(issues: readonly Issue[], context: ParseContext): Problem {
  const errors = issues.flatMap((issue) => explain(issue, context));
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see \`errors\`)` : '';
  const where = first === undefined || first.pointer === '' ? '' : `${first.pointer}: `;
  return new Problem(400, 'malformed', `${where}${first?.detail ?? 'malformed'}${more}`, {
    errors: errors.slice(0, ERRORS_MAX),
  });
}

/** RFC 6901. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function explain(issue: Issue, context: ParseContext): readonly FieldError[] {
  const at = (code: string, detail: string): readonly FieldError[] => [{ pointer: pointer(issue.path), code, detail }];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownMember(key, issue.path, context));
  if (isMissing(issue, context)) return at('missing', `is missing; give ${expected(issue, context)}`);
  if (!isDefaultMessage(issue)) return at(CODES[issue.code] ?? 'invalid', issue.message);
  switch (issue.code) {
    case 'invalid_type':
      return at('wrong_type', `must be ${expected(issue, context)}, not ${kindOf(valueAt(context.input, issue.path))}`);
    case 'invalid_value':
      return at('not_listed', notListed(issue.values.map(String), valueAt(context.input, issue.path)));
    case 'invalid_format':
      return at('wrong_format', `must be ${FORMATS[issue.format] ?? describeAt(issue, context)}`);
    case 'too_small':
      return at('too_small', `must ${size(issue.origin, 'at least', issue.minimum, issue.inclusive)}`);
    case 'too_big':
      return at('too_big', `must ${size(issue.origin, 'at most', issue.maximum, issue.inclusive)}`);
    case 'not_multiple_of':
      return at('invalid', `must be a multiple of ${issue.divisor}`);
    case 'invalid_union':
      return union(issue, context);
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return at('invalid', issue.message);
  }
}

const CODES: Readonly<Partial<Record<Issue['code'], string>>> = {
  invalid_type: 'wrong_type',
  invalid_value: 'not_listed',
  invalid_format: 'wrong_format',
  too_small: 'too_small',
  too_big: 'too_big',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'a UUID, such as 01941b7e-8a00-7000-8000-000000000001',
  datetime: 'an RFC 3339 instant that exists, with offset, such as 2017-01-15T10:00:00Z or 2017-01-15T12:00:00+02:00',
  date: 'a day that exists, such as 2017-01-15',
  url: 'a URL, such as https://example.org/report',
};

// A message that the author of a schema wrote is more specific and is kept.
function isDefaultMessage(issue: Issue): boolean {
  return /^(Invalid |Too (big|small)|Unrecognized key)/.test(issue.message);
}

function isMissing(issue: Issue, { input }: ParseContext): boolean {
  if (issue.path.length === 0 || valueAt(input, issue.path) !== undefined) return false;
  return issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union';
}

function unknownMember(key: string, path: readonly PropertyKey[], { schema, input }: ParseContext): FieldError {
  const known = knownMembers(schema, path, input);
  const near = nearest(key, known);
  const hint =
    near !== null
      ? `did you mean \`${near}\`?`
      : known.length > 0
        ? `known members are ${known.join(', ')}`
        : 'leave it out';
  return { pointer: pointer([...path, key]), code: 'unknown_member', detail: `is not known here; ${hint}` };
}

function notListed(values: readonly string[], given: unknown): string {
  const near = typeof given === 'string' ? nearest(given, values) : null;
  const list = values.length === 1 ? `must be ${values[0] ?? ''}` : `must be one of ${values.join(', ')}`;
  return near === null ? list : `${list}; did you mean ${near}?`;
}

// Reports the issues of the branch that matched deepest.
function union(issue: Issue & { readonly code: 'invalid_union' }, context: ParseContext): readonly FieldError[] {
  const branches = issue.errors.map((errors) =>
    errors.map((error) => ({ ...error, path: [...issue.path, ...error.path] })),
  );
  const deepest = (errors: readonly Issue[]): number => Math.max(...errors.map(({ path }) => path.length));
  const [best] = branches.sort((one, other) => deepest(other) - deepest(one));
  if (best !== undefined && deepest(best) > issue.path.length) return best.flatMap((error) => explain(error, context));
  return [{ pointer: pointer(issue.path), code: 'invalid', detail: `must be ${describeAt(issue, context)}` }];
}

function expected(issue: Issue, context: ParseContext): string {
  if (issue.code === 'invalid_value')
    return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
  return describeAt(issue, context);
}

function describeAt(issue: Issue, { schema, input }: ParseContext): string {
  const descriptions = schemasAt(schema, issue.path, input).map(describe);
  return (
    [...new Set(descriptions)].join(', or ') || (issue.code === 'invalid_type' ? issue.expected : 'something else')
  );
}

/** What the schema expects, in words. */
function describe(schema: z.core.$ZodType): string {
  const example = exampleOf(schema);
  const such = example === undefined ? '' : `, such as ${JSON.stringify(example)}`;
  const inner = bare(schema);
  if (inner instanceof z.ZodEnum) return `one of ${inner.options.join(', ')}`;
  if (inner instanceof z.ZodLiteral) return [...inner.values].map((value) => JSON.stringify(value)).join(' or ');
  if (inner instanceof z.ZodObject)
    return `an object with ${required(inner).join(', ') || 'any of its members'}${such}`;
  if (inner instanceof z.ZodArray) return `a list${such}`;
  if (inner instanceof z.ZodNumberFormat) return `a whole number${such}`;
  if (inner instanceof z.ZodStringFormat && such === '') return FORMATS[inner.format ?? ''] ?? 'a text';
  return `${ARTICLES[inner._zod.def.type] ?? 'something else'}${such}`;
}

function exampleOf(schema: z.core.$ZodType): unknown {
  const examples = z.globalRegistry.get(schema)?.['examples'];
  return Array.isArray(examples) ? (examples[0] as unknown) : undefined;
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  record: 'an object',
};

function required(object: z.ZodObject): readonly string[] {
  const shape: Readonly<Record<string, z.core.$ZodType>> = object.shape;
  return Object.keys(shape).filter((name) => shape[name]?._zod.optin !== 'optional');
}

function size(origin: string, bound: string, limit: number | bigint, isInclusive: boolean | undefined): string {
  const strictly = isInclusive === false ? (bound === 'at least' ? 'more than' : 'less than') : bound;
  if (origin === 'string') return `have ${strictly} ${String(limit)} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array' || origin === 'set') return `have ${strictly} ${String(limit)} item${limit === 1 ? '' : 's'}`;
  return `be ${strictly} ${String(limit)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return ARTICLES[typeof value] ?? typeof value;
}
