// Finds the part of a zod schema at a path, so that an error message can say what is expected there.
import { z } from 'zod';

type Schema = z.core.$ZodType;

/** The schema without its wrappers: optional, nullable, default, pipe. */
export function bare(schema: Schema): Schema {
  if (schema instanceof z.ZodPipe) return bare(schema.in);
  if (schema instanceof z.ZodLazy) return bare(schema.unwrap());
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodCatch
  )
    return bare(schema.unwrap());
  return schema;
}

/** The possible schemas at `path`; several if the path crosses a union. */
export function schemasAt(schema: Schema, path: readonly PropertyKey[], input: unknown): readonly Schema[] {
  const here = branches(schema, input);
  const [step, ...rest] = path;
  if (step === undefined) return here;
  return here.flatMap((branch) => {
    const next = child(branch, step);
    return next === null ? [] : schemasAt(next, rest, valueAt(input, [step]));
  });
}

export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/** The distinct member names of the schema at `path`. */
export function knownMembers(schema: Schema, path: readonly PropertyKey[], input: unknown): readonly string[] {
  const objects = schemasAt(schema, path, input).filter((found) => found instanceof z.ZodObject);
  return [...new Set(objects.flatMap((object) => Object.keys(object.shape)))];
}

// Of a discriminated union, only the branch that the input selects.
function branches(schema: Schema, input: unknown): readonly Schema[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodIntersection)
    return [inner.def.left, inner.def.right].flatMap((side) => branches(side, input));
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const chosen = valueAt(input, [inner.def.discriminator]);
    const options = inner.options.filter((option) => mayBe(option, inner.def.discriminator, chosen));
    return (options.length > 0 ? options : inner.options).flatMap((option) => branches(option, input));
  }
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => branches(option, input));
  return [inner];
}

function mayBe(option: Schema, member: string, value: unknown): boolean {
  return option._zod.propValues?.[member]?.has(value as z.core.util.Primitive) ?? false;
}

function child(schema: Schema, step: PropertyKey): Schema | null {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<PropertyKey, Schema>)[step] ?? null;
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return null;
}

/**
 * The input without its null members whose schema allows them to be omitted but not to be null: clients that cannot omit
 * a member send null instead, and it means the same.
 */
export function withoutOptionalNulls(schema: Schema, input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !containsNull(input)) return input;
  const here = branches(schema, input);
  if (Array.isArray(input)) {
    const elements = here.flatMap((branch) => (branch instanceof z.ZodArray ? [branch.element] : []));
    return elements.length === 0 ? input : input.map((item) => withoutNullsOfAny(elements, item));
  }
  const members = Object.entries(input).flatMap(([name, value]) => {
    const schemas = here.flatMap((branch) => child(branch, name) ?? []);
    if (value === null && schemas.length > 0 && schemas.every(isOmittedForNull)) return [];
    return [[name, withoutNullsOfAny(schemas, value)] as const];
  });
  return Object.fromEntries(members);
}

function withoutNullsOfAny(schemas: readonly Schema[], input: unknown): unknown {
  return schemas.reduce((value, schema) => withoutOptionalNulls(schema, value), input);
}

function isOmittedForNull(schema: Schema): boolean {
  return z.safeParse(schema, undefined).success && !z.safeParse(schema, null).success;
}

function containsNull(value: unknown): boolean {
  if (typeof value !== 'object') return false;
  return value === null || Object.values(value).some(containsNull);
}
