// Folds the events of one incident into its fact. Pure, so that a rebuild writes the same rows.
import {
  secondsOf,
  type CarriedReport,
  type ClaimFact,
  type IncidentEvent,
  type IncidentFact,
  type ReportEvent,
  type ReportFact,
} from '#domain';

/** The events that can change an incident: its own and those of its reports. */
export type IncidentChange = IncidentEvent | ReportEvent;

/** The incident that an event belongs to; null: none. */
export function incidentOf(event: IncidentChange): string | null {
  return 'incident' in event.data ? event.data.incident : null;
}

/** Returns the same object when the event changes nothing that an assessment depends on. */
export function foldIncident(state: IncidentFact | null, event: IncidentChange): IncidentFact | null {
  const now = state ?? begun(incidentOf(event) ?? '');
  switch (event.type) {
    case 'ReportSubmitted': {
      if (event.data.type !== 'violation') return state;
      const { report, source, content } = event.data;
      return withReports(now, [reportFact({ report, source, content, withdrawn: false })]);
    }
    case 'ReportAmended': {
      if (event.data.type !== 'violation') return state;
      const { report, content } = event.data;
      return mapReport(now, report, (old) => reportFact({ report, source: old, content, withdrawn: old.withdrawn }));
    }
    case 'ReportWithdrawn':
      return mapReport(now, event.data.report, (old) => ({ ...old, withdrawn: true }));
    case 'ReportReassigned':
      return state; // The incidents that it left and joined say so themselves.
    case 'IncidentOpened':
      // The content of the opening report comes with its ReportSubmitted.
      return event.data.carried.length === 0 ? state : withReports(now, event.data.carried.map(reportFact));
    case 'ReportLinked':
      return event.data.carried === null ? state : withReports(now, [reportFact(event.data.carried)]);
    case 'ReportUnlinked':
      return withoutReports(now, [event.data.report]);
    case 'IncidentSplit':
      return withoutReports(now, event.data.reports);
    case 'IncidentMerged':
      // IncidentAbsorbed moved everything to the other incident; only the id is left, as a redirect.
      return { ...begun(now.incident), mergedInto: event.data.into };
    case 'IncidentAbsorbed':
      return absorbed(now, event.data);
    case 'VerificationSet':
      return { ...now, verification: { level: event.data.level, severity: event.data.severity } };
    case 'AttributionSet':
      return { ...now, attribution: { level: event.data.level, actors: event.data.actors } };
    case 'ClaimMade': {
      const { claim, by, claimType: type, target } = event.data;
      return { ...now, claims: [...now.claims, { claim, by, type, target, outcome: null }] };
    }
    case 'ClaimAssessed': {
      const { claim, outcome } = event.data;
      return { ...now, claims: now.claims.map((made) => (made.claim === claim ? { ...made, outcome } : made)) };
    }
  }
}

function begun(incident: string): IncidentFact {
  return { incident, reports: [], verification: null, attribution: null, claims: [], mergedInto: null };
}

function absorbed(
  now: IncidentFact,
  { carried, claims, verification, attribution }: Extract<IncidentEvent, { type: 'IncidentAbsorbed' }>['data'],
): IncidentFact {
  const taken = claims.map(({ by, claimType: type, target, outcome }, index): ClaimFact => ({
    claim: now.claims.length + index + 1,
    by,
    type,
    target,
    outcome,
  }));
  return {
    ...withReports(now, carried.map(reportFact)),
    claims: [...now.claims, ...taken],
    verification: verification ?? now.verification,
    attribution: attribution ?? now.attribution,
  };
}

/** Sorted by id, because the order of arrival must have no effect. */
function withReports(now: IncidentFact, reports: readonly ReportFact[]): IncidentFact {
  const others = now.reports.filter(({ report }) => !reports.some((added) => added.report === report));
  return { ...now, reports: [...others, ...reports].sort((one, other) => (one.report < other.report ? -1 : 1)) };
}

function withoutReports(now: IncidentFact, gone: readonly string[]): IncidentFact {
  return { ...now, reports: now.reports.filter(({ report }) => !gone.includes(report)) };
}

function mapReport(now: IncidentFact, id: string, change: (report: ReportFact) => ReportFact): IncidentFact {
  return { ...now, reports: now.reports.map((report) => (report.report === id ? change(report) : report)) };
}

function reportFact({ report, source, content, withdrawn }: CarriedReport): ReportFact {
  const { from, to, precision } = content.occurred;
  return {
    report,
    withdrawn,
    from: secondsOf(from),
    to: to === null ? null : secondsOf(to),
    precision,
    region: content.place.region,
    regions: content.place.regions,
    kind: content.kind,
    severity: content.severity,
    means: content.means,
    accused: content.accused,
    target: content.target,
    casualties: content.casualties,
    monitor: source.monitor,
    organisation: source.organisation,
  };
}
