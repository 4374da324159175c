// The data of the events of reports and incidents.
import { z } from 'zod';
import { ATTRIBUTION_LEVELS, CLAIM_OUTCOMES, CLAIM_TYPES, REPORT_FLAGS, VERIFICATION_LEVELS } from '#domain';
import { code, observation, severity, source, uuid, violation } from './values.js';

const flags = z.array(z.enum(REPORT_FLAGS));
const amendment = uuid.nullable().describe("the client's own id of the amendment");
const verification = z.object({ level: z.enum(VERIFICATION_LEVELS), severity: severity.nullable() });
const attribution = z.object({ level: z.enum(ATTRIBUTION_LEVELS), actors: z.array(code) });

const submitted = z.object({ report: uuid, source, flags });
const amended = z.object({ report: uuid, flags, amendment });

const carriedReport = z
  .object({ report: uuid, source, withdrawn: z.boolean(), content: violation })
  .describe('a report that moves between incidents, with its content');

const carriedClaim = z.object({
  by: code,
  claimType: z.enum(CLAIM_TYPES),
  target: code.nullable(),
  outcome: z.enum(CLAIM_OUTCOMES).nullable(),
});

const ofIncident = z.object({ incident: uuid });

export const REPORT_DATA = {
  ReportSubmitted: z.discriminatedUnion('type', [
    submitted.extend({ type: z.literal('violation'), content: violation, incident: uuid }),
    submitted.extend({ type: z.literal('nil'), content: observation }),
    submitted.extend({ type: z.literal('access_denied'), content: observation }),
  ]),
  ReportAmended: z.discriminatedUnion('type', [
    amended.extend({ type: z.literal('violation'), content: violation, incident: uuid }),
    amended.extend({ type: z.literal('nil'), content: observation }),
    amended.extend({ type: z.literal('access_denied'), content: observation }),
  ]),
  ReportWithdrawn: z.object({ report: uuid, incident: uuid.nullable() }),
  ReportReassigned: z.object({ report: uuid, from: uuid, incident: uuid }),
  IncidentOpened: ofIncident.extend({ report: uuid, splitFrom: uuid.nullable(), carried: z.array(carriedReport) }),
  ReportLinked: ofIncident.extend({ report: uuid, from: uuid.nullable(), carried: carriedReport.nullable() }),
  ReportUnlinked: ofIncident.extend({ report: uuid, to: uuid }),
  IncidentMerged: ofIncident.extend({ into: uuid }),
  IncidentAbsorbed: ofIncident.extend({
    from: uuid,
    carried: z.array(carriedReport),
    claims: z.array(carriedClaim),
    verification: verification.nullable(),
    attribution: attribution.nullable(),
  }),
  IncidentSplit: ofIncident.extend({ into: uuid, reports: z.array(uuid) }),
  VerificationSet: ofIncident.extend(verification.shape),
  AttributionSet: ofIncident.extend(attribution.shape),
  ClaimMade: ofIncident.extend({
    claim: z.number().describe('1, 2, 3, ... within its incident'),
    by: code,
    claimType: z.enum(CLAIM_TYPES),
    target: code.nullable(),
  }),
  ClaimAssessed: ofIncident.extend({ claim: z.number(), outcome: z.enum(CLAIM_OUTCOMES) }),
};
