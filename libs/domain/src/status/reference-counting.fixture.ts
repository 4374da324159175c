// First half of the reference implementation: what an incident is and whether it counts. For tests only.
import { oneUnitLater, secondsOf } from '../time.js';
import type { Seconds, Severity, VerificationLevel } from '../vocabulary.js';
import type { ClaimFact, Framework, IncidentFact, Instrument, RegionFacts, ReportFact } from './facts.js';
import { DEFAULT_SEVERITY } from './severity.js';
import type { Question } from './timeline.js';

export type AssessmentCase = {
  readonly framework: Framework;
  readonly facts: RegionFacts;
  readonly question: Question;
};

// The incident.

export function activeReports({ reports }: IncidentFact): readonly ReportFact[] {
  return reports.filter(({ withdrawn }) => !withdrawn);
}

export function relevantIncidents({ facts, question }: AssessmentCase): readonly IncidentFact[] {
  return facts.incidents.filter(
    (incident) =>
      incident.mergedInto === null && activeReports(incident).some(({ regions }) => regions.includes(question.region)),
  );
}

export function interval(incident: IncidentFact): { readonly from: Seconds; readonly to: Seconds } {
  for (const precision of ['minute', 'hour', 'day', 'week', 'month'] as const) {
    const candidates = activeReports(incident).filter((report) => report.precision === precision);
    const earliest = Math.min(...candidates.map(({ from }) => from));
    const [lead] = candidates.filter(({ from }) => from === earliest).sort((a, b) => (a.report < b.report ? -1 : 1));
    if (lead) return { from: lead.from, to: lead.to ?? oneUnitLater(lead.from, precision) };
  }
  throw new Error('the incident has no active report');
}

export function level(incident: IncidentFact, { framework }: AssessmentCase): VerificationLevel {
  if (incident.verification) return incident.verification.level;
  const witness = ['seen', 'heard', 'interview'];
  const record = ['recorded', 'imagery', 'crater_analysis'];
  const alignment = ({ organisation }: ReportFact): string => framework.alignments.get(organisation) ?? 'unknown';
  for (const one of activeReports(incident))
    for (const other of activeReports(incident)) {
      const bothTell = [one, other].every(({ means }) => [...witness, ...record].includes(means));
      const differ =
        alignment(one) !== alignment(other) || witness.includes(one.means) !== witness.includes(other.means);
      if (one.monitor !== other.monitor && bothTell && differ) return 'corroborated';
    }
  return 'reported';
}

export function severity(incident: IncidentFact): Severity {
  if (incident.verification?.severity) return incident.verification.severity;
  const said = activeReports(incident).flatMap((report) => report.severity ?? []);
  const all = said.length > 0 ? said : activeReports(incident).map(({ kind }) => DEFAULT_SEVERITY[kind]);
  return (['grave', 'serious', 'moderate'] as const).find((candidate) => all.includes(candidate)) ?? 'minor';
}

// Applicability.

export function inForce({ framework }: AssessmentCase, regions: readonly string[], at: Seconds): readonly Instrument[] {
  return framework.instruments.filter(
    ({ from, to, regions: named }) =>
      from <= at && at < (to ?? Infinity) && named.some((code) => regions.includes(code)),
  );
}

export function isExcluded(all: AssessmentCase, actor: string, regions: readonly string[], at: Seconds): boolean {
  const readings = inForce(all, regions, at).flatMap((instrument) => instrument.readings);
  return readings
    .filter(({ code }) => code === all.question.lens.reading)
    .some(({ excluded }) =>
      excluded.some((exclusion) => exclusion.actor === actor && (!exclusion.from || secondsOf(exclusion.from) <= at)),
    );
}

export function isBoundOrUnknown(all: AssessmentCase, actor: string, regions: readonly string[], at: Seconds): boolean {
  if (actor === 'unknown') return true;
  if (actor === 'civilians' || isExcluded(all, actor, regions, at)) return false;
  return all.framework.actors.get(actor)?.bound ?? true;
}

export function counts(all: AssessmentCase, incident: IncidentFact): boolean {
  const { from } = interval(incident);
  const reports = activeReports(incident);
  const regions = reports.flatMap((report) => report.regions);
  if (inForce(all, regions, from).length === 0) return false;

  const accused = reports.flatMap((report) => report.accused);
  const answers = (actor: string): boolean => isBoundOrUnknown(all, actor, regions, from);
  if (accused.length > 0 && !accused.some(answers)) return false;

  const targets = reports.flatMap(({ target }) => target ?? []);
  const excluded = targets.filter((target) => isExcluded(all, target, regions, from));
  const isProtected = targets.length === 0 || targets.some((target) => target === 'civilians' || answers(target));
  const established = ['corroborated', 'verified_remote', 'verified_on_site'].includes(level(incident, all));
  if (!isProtected && (established || excluded.length === 0)) return false;

  const claims = incident.claims.filter(({ type }) => type === 'exclusion');
  const unassessed = { target: null, outcome: null };
  const toldAndClaimed = !established && excluded.length > 0 ? [...claims, unassessed] : claims;
  return !toldAndClaimed.some((claim) => exempts(all, claim, regions, from));
}

/** Whether an exclusion claim exempts at this place and instant. */
export function exempts(
  all: AssessmentCase,
  { target, outcome }: Pick<ClaimFact, 'target' | 'outcome'>,
  regions: readonly string[],
  at: Seconds,
): boolean {
  if (target !== null && !isExcluded(all, target, regions, at)) return false;
  if (outcome === null) return all.question.lens.exclusionClaims === 'honoured';
  return outcome === 'upheld';
}
