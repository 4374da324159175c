// The JSON of status answers.
import {
  instantOf,
  STATUSES,
  type Assessment,
  type Instant,
  type RedLineAssessment,
  type Region,
  type Seconds,
  type AssessmentSummary,
} from '#domain';
import { z } from 'zod';
import type { Worst } from '../assessment/status-rows.js';

const name = z.object({ en: z.string(), ar: z.string().nullable() });
const status = z.enum(STATUSES);
const share = z.number().min(0).max(1);

export const redLineAnswer = z.object({
  id: z.string(),
  declaredBy: z.string(),
  text: z.string(),
  honoured: z.boolean().meta({ description: 'false: this lens does not honour it, so it does not affect the status' }),
  met: z.boolean(),
  incident: z.string().nullable().meta({ description: 'the incident that met it' }),
  since: z.string().nullable(),
});

export const regionRow = z.object({
  code: z.string(),
  name,
  parent: z.string().nullable(),
  status,
  since: z.string().nullable().meta({ description: 'null: the status has always been the same' }),
  intensity: z.number().meta({ description: 'points' }),
  coverage: share,
  dispute: share.nullable().meta({ description: 'share of the points in the window; null if the window is empty' }),
  incidents: z.number().meta({ description: 'how many count now' }),
  worst: z.object({ code: z.string(), name, status }).nullable().meta({ description: 'the worst region inside it' }),
  redLines: z.array(redLineAnswer),
});
export type RegionRow = z.output<typeof regionRow>;

export function rowOf(
  { code, name: called, parent }: Region,
  standing: AssessmentSummary,
  worst: Worst | null,
  isTold: boolean,
): RegionRow {
  return {
    code,
    name: called,
    parent,
    status: standing.status,
    since: instantOrNull(standing.since),
    intensity: standing.intensity,
    coverage: standing.coverage,
    dispute: standing.dispute,
    incidents: standing.counted,
    worst: worst && { code: worst.region.code, name: worst.region.name, status: worst.standing.status },
    redLines: standing.redLines.map((redLine) => redLineOf(redLine, isTold)),
  };
}

/** `isTold`: whether the caller may see which incident it was. */
function redLineOf(
  { redLine, incident, since, ...line }: RedLineAssessment,
  isTold: boolean,
): RegionRow['redLines'][0] {
  const { declaredBy, text, honoured, met } = line;
  return {
    id: redLine,
    declaredBy,
    text,
    honoured,
    met,
    incident: isTold ? incident : null,
    since: instantOrNull(since),
  };
}

/** The explanation of a status. The lists of incidents are omitted for callers who may not see incidents. */
export function whyOf(assessment: Assessment, isTold: boolean): object {
  const { counted, notCounted, accessDenials, floor, redLines, nextChange } = assessment;
  const lists = {
    counted: counted.map(({ occurred, ...incident }) => ({
      ...incident,
      occurred: { from: instantOf(occurred.from), to: instantOf(occurred.to) },
    })),
    notCounted,
  };
  return {
    ...(isTold ? lists : {}),
    accessDenials: accessDenials.map(({ report, region, from, to, deniedBy }) => ({
      ...(isTold ? { report } : {}),
      region,
      from: instantOf(from),
      to: instantOf(to),
      deniedBy,
    })),
    floor: floor && {
      episode: floor.episode,
      kind: floor.kind,
      name: floor.name,
      region: floor.region,
      from: instantOf(floor.from),
      to: instantOrNull(floor.to),
    },
    redLines: redLines.map((redLine) => redLineOf(redLine, isTold)),
    nextChange: nextChange && { at: instantOf(nextChange.at), status: nextChange.status },
  };
}

export function instantOrNull(at: Seconds | null): Instant | null {
  return at === null ? null : instantOf(at);
}
