// The bodies of incident requests: links, findings, claims.
import { z } from 'zod';
import { ATTRIBUTION_LEVELS, CLAIM_OUTCOMES, CLAIM_TYPES, SEVERITIES, VERIFICATION_LEVELS } from '#domain';
import { members } from '#platform';

const NOTE_MAX = 20_000;
const REPORTS_MAX = 1_000;
const ACTORS_MAX = 32;
const CLAIMS_MAX = 1_000_000;

export const note = members
  .text(NOTE_MAX)
  .nullable()
  .default(null)
  .meta({ description: 'confidential: stored apart from the event' });

export const actors = z.array(members.code).max(ACTORS_MAX);

const A_REPORT = '01941b7e-8a00-7000-8000-000000000001';

export const linkSchema = z.strictObject({ report: members.uuid }).meta({ examples: [{ report: A_REPORT }] });
export type LinkBody = z.output<typeof linkSchema>;

export const mergeSchema = z
  .strictObject({ into: members.uuid })
  .meta({ examples: [{ into: '5f0c7d1e-3b2a-8c4d-9e6f-000000000001' }] });
export type MergeBody = z.output<typeof mergeSchema>;

export const splitSchema = z
  .strictObject({ reports: z.array(members.uuid).min(1).max(REPORTS_MAX) })
  .meta({ examples: [{ reports: [A_REPORT] }] });
export type SplitBody = z.output<typeof splitSchema>;

export const verificationSchema = z
  .strictObject({
    level: z.enum(VERIFICATION_LEVELS),
    severity: z
      .enum(SEVERITIES)
      .nullable()
      .optional()
      .meta({ description: 'left out: it stays as it was set; null: the reports determine it again' }),
    note,
  })
  .meta({ examples: [{ level: 'verified_remote', severity: 'grave', note: 'two videos, geolocated' }] });
export type VerificationBody = z.output<typeof verificationSchema>;

export const attributionSchema = z
  .strictObject({ level: z.enum(ATTRIBUTION_LEVELS), actors: actors.default([]), note })
  .meta({ examples: [{ level: 'probable', actors: ['saa'], note: 'the direction of fire' }] });
export type AttributionBody = z.output<typeof attributionSchema>;

export const claimSchema = z
  .strictObject({
    by: members.code.meta({ description: 'an actor, or RU, TR, IR' }),
    type: z.enum(CLAIM_TYPES),
    text: note,
    target: members.code
      .nullable()
      .default(null)
      .meta({ description: 'of an exclusion claim: the actor that was fired at' }),
  })
  .meta({ examples: [{ by: 'saa', type: 'exclusion', text: 'We fired at Fatah al-Sham.', target: 'jfs' }] });
export type ClaimBody = z.output<typeof claimSchema>;

export const claimNumber = z
  .string()
  .regex(/^[1-9]\d{0,6}$/, 'must be the number of a claim, such as 1')
  .transform(Number)
  .pipe(z.number().max(CLAIMS_MAX))
  .meta({ examples: ['1'] });

export const assessmentSchema = z
  .strictObject({ outcome: z.enum(CLAIM_OUTCOMES), note })
  .meta({ examples: [{ outcome: 'rejected', note: 'no such group was there' }] });
export type AssessmentBody = z.output<typeof assessmentSchema>;
