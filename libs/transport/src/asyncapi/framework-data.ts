// The data of the events of registers, episodes and red lines, and of the events that the status watch announces.
import { z } from 'zod';
import { EPISODE_KINDS, REGION_LEVELS, SEVERITIES, STATUS_SCALE, VERIFICATION_LEVELS } from '#domain';
import { code, guarantor, instant, name, reportKind, status, uuid } from './values.js';

const position = z.array(z.number()).describe('longitude, latitude');
const boundary = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
    z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
  ])
  .describe('GeoJSON, longitude first');

const rules = z.object({
  severityPoints: z.record(z.enum(SEVERITIES), z.number()),
  verificationWeight: z.record(z.enum(VERIFICATION_LEVELS), z.number()),
  unverifiedCap: z.number(),
  window: z.array(z.object({ hours: z.number(), factor: z.number() })),
  thresholds: z.record(z.enum(STATUS_SCALE).exclude(['holding']), z.number()),
  stepDown: z.object({ hours: z.number(), below: z.number() }),
  coverage: z.object({ share: z.number(), vouchHours: z.number() }),
  decisionRule: z.literal('unanimous'),
});

const reading = z.object({ code, excluded: z.array(z.object({ actor: code, from: instant.nullable() })) });

export const FRAMEWORK_DATA = {
  ActorRegistered: z.object({
    actor: code,
    name,
    aliases: z.array(z.string()),
    bound: z.boolean(),
    guarantors: z.array(guarantor),
  }),
  AliasAdded: z.object({ actor: code, alias: z.string() }),
  AffiliationRecorded: z.object({
    actor: code,
    affiliation: uuid,
    to: code,
    from: instant,
    until: instant.nullable(),
    disputedBy: z.array(code),
  }),
  EpisodeOpened: z.object({
    episode: uuid,
    kind: z.enum(EPISODE_KINDS),
    region: code,
    from: instant,
    name: z.string(),
    accused: z.array(code),
    exclusionClaim: z.object({ by: code, target: code }).nullable(),
  }),
  EpisodeClosed: z.object({ episode: uuid, region: code, to: instant }),
  InstrumentRegistered: z.object({
    instrument: code,
    name: z.string(),
    from: instant,
    to: instant.nullable(),
    regions: z.array(code),
    signatories: z.array(code),
    guarantors: z.array(guarantor),
    readings: z.array(reading),
  }),
  LensDefined: z.object({
    lens: code,
    reading: code,
    exclusionClaims: z.enum(['until_upheld', 'honoured']),
    positionsOf: guarantor.nullable(),
  }),
  ModalitiesAdopted: z.object({ version: code, from: instant, rules }),
  OrganisationRegistered: z.object({ organisation: z.string().describe('a pseudonym'), alignment: code }),
  RedLineDeclared: z.object({
    redLine: uuid,
    declaredBy: code,
    region: code,
    condition: z.object({ kind: reportKind, by: z.array(code).nullable() }),
    text: z.string(),
  }),
  RedLineWithdrawn: z.object({ redLine: uuid, region: code, at: instant }),
  RegionDefined: z.object({
    region: code,
    level: z.enum(REGION_LEVELS),
    name,
    parent: code.nullable(),
    areaKm2: z.number().nullable(),
    centre: z.object({ lon: z.number(), lat: z.number() }).nullable(),
    parts: z.array(code),
    boundary: boundary.nullable(),
    from: instant.nullable(),
  }),
  BoundaryRevised: z.object({ region: code, boundary }),
};

const announced = z.object({
  region: code,
  lens: code,
  modalities: code,
  restsOn: z.number().describe('the position of the last event that it depends on'),
  at: instant.describe('when it was the case, which may be before it was known'),
  alert: z.boolean().describe('false: it happened too long ago for an alert'),
});
const span = z.object({ from: instant, to: instant.nullable(), status });

export const STATUS_DATA = {
  StatusChanged: announced.extend({ from: status, to: status }),
  StatusRestated: announced.extend({ until: instant, before: z.array(span), after: z.array(span) }),
  RedLineMet: announced.extend({ redLine: uuid, incident: uuid }),
  RedLineCleared: announced.extend({ redLine: uuid }),
  CoverageLost: announced.extend({ coverage: z.number().describe('the share, 0 to 1, that is left') }),
  CoverageRestored: announced.extend({ coverage: z.number() }),
};
