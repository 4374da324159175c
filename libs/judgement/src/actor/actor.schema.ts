// What an operator sends about actors, and how an actor is answered.
import { z } from 'zod';
import { GUARANTORS } from '#domain';
import { listQuery, members } from '#platform';
import { asOfQuery } from '#registry';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const ALIASES_MAX = 200;
const DISPUTING_MAX = 32;
const QUERY_MAX = 200;

/** Guarantors are parties under these codes, so no actor may have one of them. */
const actorCode = z
  .string()
  .regex(CODE, 'must be letters, digits, - and _, at most 64, such as jaysh_x')
  .refine((code) => !GUARANTORS.some((guarantor) => guarantor === code), 'is the code of a guarantor');

/** In a path. */
export const actorParam = actorCode.meta({ example: 'hts' });

const aliases = z.array(members.name).max(ALIASES_MAX);

export const actorSchema = z
  .strictObject({
    code: actorCode,
    name: z.strictObject({ en: members.name, ar: members.name.nullable().default(null) }),
    aliases: aliases.nullable().default([]),
    bound: z.boolean().meta({ description: 'bound by signature, or as a force of a signatory' }),
    guarantors: z.array(z.enum(GUARANTORS)).nullable().default([]).meta({ description: 'states that answer for it' }),
  })
  .meta({
    examples: [
      {
        code: 'jaysh_x',
        name: { en: 'Army X', ar: 'جيش' },
        aliases: ['JX', 'Jaysh X'],
        bound: true,
        guarantors: ['TR'],
      },
    ],
  });
export type ActorBody = z.output<typeof actorSchema>;

export const aliasesSchema = z
  .strictObject({ aliases: aliases.min(1) })
  .meta({ examples: [{ aliases: ['HTS', 'هيئة تحرير الشام'] }] });
export type AliasesBody = z.output<typeof aliasesSchema>;

export const affiliationSchema = z
  .strictObject({
    id: members.uuid,
    to: members.code.meta({ description: 'the actor that it belongs to' }),
    from: members.spanStart,
    until: members.spanEnd.nullable().default(null).meta({ description: 'left out: it lasts' }),
    disputedBy: z
      .array(members.code)
      .max(DISPUTING_MAX)
      .nullable()
      .default([])
      .meta({ description: 'actors, or RU, TR, IR, that deny it' }),
  })
  .refine(({ from, until }) => until === null || Date.parse(from) < Date.parse(until), {
    path: ['until'],
    error: 'must be after `from`',
  })
  .meta({
    examples: [
      { id: '01941b7e-8a00-7000-8000-0000000000c1', to: 'hts', from: '2017-01-28', until: null, disputedBy: [] },
    ],
  });
export type AffiliationBody = z.output<typeof affiliationSchema>;

export const actorsQuery = z.strictObject({
  ...listQuery,
  ...asOfQuery,
  q: z
    .string()
    .max(QUERY_MAX)
    .optional()
    .meta({ description: 'part of a code, name or alias, in any script', examples: ['تحرير الشام'] }),
});
export type ActorsQuery = z.output<typeof actorsQuery>;

export const actorQuery = z.strictObject({ ...asOfQuery });
export type ActorQuery = z.output<typeof actorQuery>;

export const cursorSchema = z.strictObject({ position: z.int().nonnegative(), after: z.string() });

export const actorRow = z.strictObject({
  code: z.string(),
  name: z.strictObject({ en: z.string(), ar: z.string().nullable() }),
  aliases: z.array(z.string()),
  bound: z.boolean(),
  guarantors: z.array(z.enum(GUARANTORS)),
  affiliations: z.array(
    z.strictObject({
      id: z.string(),
      to: z.string(),
      from: z.string(),
      until: z.string().nullable(),
      disputedBy: z.array(z.string()),
    }),
  ),
});
export type ActorRow = z.output<typeof actorRow>;
