// Schemas of a report, its amendment and its withdrawal. Members that may be left out may also be null.
import { z } from 'zod';
import { MEANS, PLACE_PRECISIONS, REPORT_KINDS, SEVERITIES, TIME_PRECISIONS } from '#domain';
import { members, ACCEPTS_BULK } from '#platform';
import * as own from './report-members.js';

const id = members.uuid.meta({
  description: 'made by the client before its first try and the same in retries; version 7 advised',
  examples: ['01941b7e-8a00-7000-8000-000000000001'],
});

const occurred = z
  .strictObject({
    from: members.instant,
    to: members.instant.nullable().default(null),
    precision: z.enum(TIME_PRECISIONS).default('minute'),
  })
  .refine(own.endsAfterStart, own.ENDS_AFTER_START)
  .refine(own.isBounded, own.IS_BOUNDED)
  .meta({ description: '`to` left out: it lasted one unit of the precision' });

const observed = z
  .strictObject({ from: members.instant, to: members.instant })
  .refine(own.endsAfterStart, own.ENDS_AFTER_START)
  .refine(own.isBounded, own.IS_BOUNDED);

const place = z
  .strictObject({
    region: members.code.nullable().default(null),
    name: members.name.nullable().default(null),
    point: own.point.nullable().default(null),
    precision: z.enum(PLACE_PRECISIONS).nullable().default(null),
  })
  .refine(
    ({ region, point }) => region !== null || point !== null,
    'must name a `region` by its code, or give a `point`',
  );

const area = z.strictObject({ region: members.code });

const violation = z.strictObject({
  id,
  type: z.literal('violation'),
  occurred,
  place,
  kind: z.enum(REPORT_KINDS),
  severity: z.enum(SEVERITIES).nullable().default(null),
  means: z.enum(MEANS),
  accused: z.array(members.code).max(own.ACCUSED_MAX).default([]),
  target: z.strictObject({ actor: members.code }).nullable().default(null),
  casualties: own.casualties.nullable().default(null),
  quantity: own.quantity.nullable().default(null),
  narrative: members.text(own.NARRATIVE_MAX).nullable().default(null),
  language: own.language.nullable().default(null),
  evidence: z.array(own.evidence).max(own.EVIDENCE_MAX).default([]),
  incident: members.uuid
    .nullable()
    .default(null)
    .meta({ description: 'an existing incident; left out: the report opens a new one' }),
  source: own.source.nullable().default(null),
});

const nil = z.strictObject({ id, type: z.literal('nil'), observed, area, means: z.enum(MEANS) });

const denial = z.strictObject({
  id,
  type: z.literal('access_denied'),
  observed,
  area,
  deniedBy: members.code.nullable().default(null),
  reason: members.text(own.REASON_MAX).nullable().default(null),
});

export const reportSchema = z.discriminatedUnion('type', [violation, nil, denial]).meta({
  [ACCEPTS_BULK]: true,
  examples: [
    {
      id: '01941b7e-8a00-7000-8000-000000000001',
      type: 'violation',
      occurred: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T10:20:00Z', precision: 'hour' },
      place: {
        region: 'SY030702',
        name: 'Ain al-Fijah',
        point: { lon: 36.18, lat: 33.615 },
        precision: 'settlement',
      },
      kind: 'indirect_fire',
      severity: 'grave',
      means: 'interview',
      accused: ['saa'],
      target: { actor: 'civilians' },
      casualties: { killed: { min: 7, max: 12 }, injured: { min: 20, max: 23 } },
      quantity: { value: 3, unit: 'impact' },
      narrative: 'A hall that sheltered displaced people was hit three times.',
      language: 'en',
      evidence: [
        { sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', mediaType: 'image/jpeg' },
      ],
      incident: null,
      source: { name: 'a resident', url: 'https://example.org/report' },
    },
    {
      id: '01941b7e-8a00-7000-8000-000000000002',
      type: 'nil',
      observed: { from: '2017-01-15T06:00:00Z', to: '2017-01-15T18:00:00Z' },
      area: { region: 'SY0307' },
      means: 'seen',
    },
    {
      id: '01941b7e-8a00-7000-8000-000000000003',
      type: 'access_denied',
      observed: { from: '2017-01-15T06:00:00Z', to: '2017-01-15T18:00:00Z' },
      area: { region: 'wadi-barada' },
      deniedBy: 'saa',
      reason: 'not let past the last checkpoint',
    },
  ],
});
export type ReportBody = z.output<typeof reportSchema>;

const IDENTIFYING_MEMBERS: readonly string[] = ['id', 'type', 'incident'];

/**
 * The members that change, each as a whole; the merged report is checked like a new one. `id` is the amendment's own:
 * with it a retry that comes late cannot undo a newer amendment. A client that sends the whole report again, changed,
 * is understood too: the report's own id, type and incident say nothing new.
 */
export const amendmentSchema = z
  .strictObject({
    id: members.uuid
      .optional()
      .meta({ description: "the amendment's own id, made by the client before its first try" }),
    type: z.enum(['violation', 'nil', 'access_denied']).optional(),
    incident: members.uuid.nullable().optional(),
    ...changeable({ ...denial.shape, ...nil.shape, ...violation.shape }),
  })
  .refine((body) => Object.keys(body).some((member) => !IDENTIFYING_MEMBERS.includes(member)), 'must change something')
  .meta({ examples: [{ id: '01941b7e-8a00-7000-8000-0000000000a1', means: 'recorded', severity: 'serious' }] });
export type AmendmentBody = z.output<typeof amendmentSchema>;

export const withdrawalSchema = z
  .strictObject({ reason: members.text(own.REASON_MAX).nullable().default(null) })
  .meta({ examples: [{ reason: 'it was the same shell as in my first report' }] });
export type WithdrawalBody = z.output<typeof withdrawalSchema>;

/** May all be left out, and what is left out has no default: it stays as it is. */
function changeable(shape: Readonly<Record<string, z.core.$ZodType>>): Readonly<Record<string, z.ZodOptional>> {
  const others = Object.entries(shape).filter(([member]) => !IDENTIFYING_MEMBERS.includes(member));
  return Object.fromEntries(
    others.map(([member, schema]) => [member, z.optional(schema instanceof z.ZodDefault ? schema.unwrap() : schema)]),
  );
}
