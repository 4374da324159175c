// Validates requests against the schemas of `@Body({ schema })`, `@Query({ schema })` and `@Param(name, { schema })`.
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { Bulk } from './bulk.js';
import { malformed, validate } from './malformed.js';
import { Problem } from './problem.js';

/**
 * A body schema with `.meta({ [ACCEPTS_BULK]: true })` accepts a Bulk, unvalidated, besides a single validated body. The
 * handler distinguishes the two.
 */
export const ACCEPTS_BULK = 'x-takes-bulk';

@Injectable()
export class SchemaPipe implements PipeTransform<unknown, unknown> {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    if (value instanceof Bulk) {
      if (schema.meta()?.[ACCEPTS_BULK] === true) return value;
      throw new Problem(415, 'unsupported-media-type', 'Send one JSON object here, as application/json.');
    }
    if (type === 'body') return validate(schema, value);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    // The pointer names a path parameter, so that it is not confused with the root of a body.
    const under = type === 'param' && data !== undefined ? [data] : [];
    const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...under, ...issue.path] }));
    throw malformed(
      issues,
      under.length === 0
        ? { schema, input: value }
        : { schema: z.object({ [under.join()]: schema }), input: { [under.join()]: value } },
    );
  }
}
