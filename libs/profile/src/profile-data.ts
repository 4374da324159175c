// Reads the profile's data files and validates them.
import { GUARANTORS } from '#domain';
import { z } from 'zod';
import actors from '../data/actors.json' with { type: 'json' };
import ceasefire from '../data/ceasefire.json' with { type: 'json' };
import regions from '../data/regions.json' with { type: 'json' };
import zones from '../data/zones.json' with { type: 'json' };

const code = z.string().min(1);
const instant = z.iso.datetime();
const guarantors = z.array(z.enum(GUARANTORS));
const points = z.number().nonnegative();
const share = z.number().min(0).max(1);

const unitsSchema = z.strictObject({
  source: z.string(),
  version: z.string(),
  columns: z.array(z.string()),
  units: z.array(z.tuple([code, z.string(), z.string(), z.number(), z.number().nullable(), z.number().nullable()])),
});

const zonesSchema = z.strictObject({
  zones: z.array(
    z.strictObject({
      code,
      name: z.strictObject({ en: z.string(), ar: z.string() }),
      parts: z.array(code),
      /** One ring, longitude first. */
      boundary: z.array(z.array(z.number()).length(2)),
      source: z.string(),
    }),
  ),
});

const actorsSchema = z.strictObject({
  sources: z.record(z.string(), z.string()),
  actors: z.array(
    z.strictObject({
      code,
      en: z.string(),
      ar: z.string(),
      aliases: z.array(z.string()),
      bound: z.boolean(),
      guarantors,
      source: z.string(),
    }),
  ),
});

const rulesSchema = z.strictObject({
  severityPoints: z.strictObject({ minor: points, moderate: points, serious: points, grave: points }),
  verificationWeight: z.strictObject({
    reported: share,
    corroborated: share,
    verified_remote: share,
    verified_on_site: share,
    unverifiable: share,
    refuted: share,
  }),
  unverifiedCap: points,
  window: z.array(z.strictObject({ hours: z.number().positive(), factor: share })),
  thresholds: z.strictObject({ strained: points, violated: points, breakdown_indicated: points }),
  stepDown: z.strictObject({ hours: z.number().positive(), below: share }),
  coverage: z.strictObject({ share, vouchHours: z.number().nonnegative() }),
  decisionRule: z.literal('unanimous'),
});

const instrumentSchema = z.strictObject({
  code,
  name: z.string(),
  from: instant,
  to: instant.nullable(),
  regions: z.array(code),
  signatories: z.array(code),
  guarantors,
  readings: z.array(
    z.strictObject({
      code,
      excluded: z.array(z.strictObject({ actor: code, from: instant.nullable() })),
      source: z.string(),
    }),
  ),
  source: z.string(),
  note: z.string(),
});

const lensSchema = z.strictObject({
  code,
  reading: code,
  exclusionClaims: z.enum(['until_upheld', 'honoured']),
  positionsOf: z.enum(GUARANTORS).nullable(),
  source: z.string(),
});

const ceasefireSchema = z.strictObject({
  instrument: instrumentSchema,
  lenses: z.array(lensSchema),
  modalities: z.array(z.strictObject({ version: code, from: instant, rules: rulesSchema, source: z.string() })),
});

export type ProfileData = {
  readonly units: z.output<typeof unitsSchema>['units'];
  readonly zones: z.output<typeof zonesSchema>['zones'];
  readonly actors: z.output<typeof actorsSchema>['actors'];
  readonly ceasefire: z.output<typeof ceasefireSchema>;
};

/** Throws where a file does not have the expected content. */
export function readProfileData(): ProfileData {
  return {
    units: unitsSchema.parse(regions).units,
    zones: zonesSchema.parse(zones).zones,
    actors: actorsSchema.parse(actors).actors,
    ceasefire: ceasefireSchema.parse(ceasefire),
  };
}
