// The JSON of an incident, in lists and alone. It contains no identity, exact place or free text: the facts have none.
import {
  ATTRIBUTION_LEVELS,
  CLAIM_OUTCOMES,
  CLAIM_TYPES,
  incidentApplicability,
  incidentView,
  instantOf,
  REPORT_KINDS,
  SEVERITIES,
  TIME_PRECISIONS,
  VERIFICATION_LEVELS,
  type IncidentFact,
  type IncidentView,
} from '#domain';
import { z } from 'zod';
import type { AsOf } from './as-of.js';

const range = z.object({ min: z.number(), max: z.number() }).nullable();

export const incidentRow = z.object({
  id: z.string(),
  occurred: z.object({ from: z.string(), to: z.string(), precision: z.enum(TIME_PRECISIONS) }),
  place: z.object({
    region: z.string().meta({ description: 'the smallest region that its most precise report names' }),
    regions: z.array(z.string()).meta({ description: 'every region in which it counts' }),
  }),
  kind: z.enum(REPORT_KINDS),
  severity: z.enum(SEVERITIES),
  verification: z.enum(VERIFICATION_LEVELS),
  scope: z
    .enum(['applies', 'out_of_scope', 'exclusion_claim'])
    .meta({ description: 'whether it counts under the lens at all' }),
  accused: z.array(z.string()),
  targets: z.array(z.string()),
  attribution: z.object({ level: z.enum(ATTRIBUTION_LEVELS), actors: z.array(z.string()) }).nullable(),
  determination: z.literal('pending').meta({ description: 'no finding of the mechanism has been recorded' }),
  casualties: z
    .object({ killed: range, injured: range })
    .meta({ description: 'the hull of its reports: lowest min, highest max' }),
  reportCount: z.number().meta({ description: 'how many reports stand' }),
  withdrawn: z.boolean(),
});
export type IncidentRow = z.output<typeof incidentRow>;

export const incidentAnswer = incidentRow.extend({
  kinds: z.array(z.enum(REPORT_KINDS)),
  reports: z.array(z.string()),
  claims: z.array(
    z.object({
      claim: z.number(),
      by: z.string(),
      type: z.enum(CLAIM_TYPES),
      target: z.string().nullable(),
      outcome: z.enum(CLAIM_OUTCOMES).nullable(),
    }),
  ),
  mergedInto: z.string().nullable().meta({ description: 'where the id that was asked for has been merged into' }),
  formerIds: z.array(z.string()).meta({ description: 'the ids that have been merged into it' }),
});
export type IncidentAnswer = z.output<typeof incidentAnswer>;

export type Told = { readonly fact: IncidentFact; readonly view: IncidentView };

/** Null when all of its reports were moved to other incidents. */
export function told(fact: IncidentFact, { register }: AsOf): Told | null {
  const view = incidentView(fact, register.alignments);
  return view && { fact, view };
}

export function incidentRowOf({ fact, view }: Told, { register, lens }: AsOf): IncidentRow {
  return {
    id: fact.incident,
    occurred: { from: instantOf(view.from), to: instantOf(view.to), precision: view.lead.precision },
    place: { region: view.lead.region, regions: [...view.regions] },
    kind: view.kind,
    severity: view.severity,
    verification: view.level,
    scope: incidentApplicability(view, register, lens),
    accused: [...view.accused],
    targets: [...view.targets],
    attribution: fact.attribution && { level: fact.attribution.level, actors: [...fact.attribution.actors] },
    determination: 'pending',
    casualties: { killed: view.casualties.killed, injured: view.casualties.injured },
    reportCount: view.reports,
    withdrawn: view.withdrawn,
  };
}

export function incidentAnswerOf(
  one: Told,
  asOf: AsOf,
  ids: Pick<IncidentAnswer, 'mergedInto' | 'formerIds'>,
): IncidentAnswer {
  return {
    ...incidentRowOf(one, asOf),
    kinds: [...one.view.kinds],
    reports: one.fact.reports.map(({ report }) => report),
    claims: one.fact.claims.map((claim) => ({ ...claim })),
    ...ids,
  };
}
