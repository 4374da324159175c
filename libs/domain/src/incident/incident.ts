// One stream per incident: its reports, its verification, its attribution and the claims about it.
import { Refusal, type Decider } from '../decider.js';
import type { AttributionLevel, ClaimOutcome, ClaimType, Severity, VerificationLevel } from '../vocabulary.js';
import type { CarriedReport } from '../report/report-events.js';
import type * as Events from './incident-events.js';

export type IncidentCommand =
  | { readonly type: 'OpenIncident'; readonly incident: string; readonly report: string }
  | {
      readonly type: 'OpenSplitIncident';
      readonly incident: string;
      readonly splitFrom: string;
      readonly carried: readonly CarriedReport[];
    }
  /** `from` and `carried` are null when the report names this incident at submission. */
  | {
      readonly type: 'LinkReport';
      readonly report: string;
      readonly from: string | null;
      readonly carried: CarriedReport | null;
    }
  | { readonly type: 'UnlinkReport'; readonly report: string; readonly to: string }
  | { readonly type: 'SplitIncident'; readonly reports: readonly string[]; readonly into: string }
  | { readonly type: 'MergeIncident'; readonly into: string }
  | { readonly type: 'AbsorbIncident'; readonly other: OpenIncident; readonly carried: readonly CarriedReport[] }
  /** `severity` omitted: it stays as it was set. Null: it is derived from the reports again. */
  | { readonly type: 'SetVerification'; readonly level: VerificationLevel; readonly severity?: Severity | null }
  | { readonly type: 'Attribute'; readonly level: AttributionLevel; readonly actors: readonly string[] }
  | { readonly type: 'MakeClaim'; readonly by: string; readonly claimType: ClaimType; readonly target: string | null }
  | { readonly type: 'AssessClaim'; readonly claim: number; readonly outcome: ClaimOutcome };

export type OpenIncident = {
  readonly status: 'open';
  readonly incident: string;
  /** In order of arrival, including the withdrawn ones. */
  readonly reports: readonly string[];
  /** Claim 1 comes first. */
  readonly claims: readonly Events.CarriedClaim[];
  readonly verification: Events.CarriedVerification | null;
  readonly attribution: Events.CarriedAttribution | null;
};

export type Incident =
  | { readonly status: 'unknown' }
  | OpenIncident
  | { readonly status: 'merged'; readonly incident: string; readonly into: string };

export const incident: Decider<IncidentCommand, Incident, Events.IncidentEvent> = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
};

function decide(command: IncidentCommand, state: Incident): readonly Events.IncidentEvent[] {
  if (command.type === 'OpenIncident' || command.type === 'OpenSplitIncident') return [opened(command, state)];
  const now = requireOpenIncident(state);
  const { incident } = now;
  switch (command.type) {
    case 'LinkReport': {
      const { report, from, carried } = command;
      return now.reports.includes(report) ? [] : [{ type: 'ReportLinked', data: { incident, report, from, carried } }];
    }
    case 'UnlinkReport':
      mustLeaveOne(now, [command.report]);
      return [{ type: 'ReportUnlinked', data: { incident, report: command.report, to: command.to } }];
    case 'SplitIncident':
      mustLeaveOne(now, command.reports);
      return [{ type: 'IncidentSplit', data: { incident, into: command.into, reports: command.reports } }];
    case 'MergeIncident':
      mustBeAnother(now, command.into);
      return [{ type: 'IncidentMerged', data: { incident, into: command.into } }];
    case 'AbsorbIncident':
      mustBeAnother(now, command.other.incident);
      return [absorbed(now, command.other, command.carried)];
    case 'SetVerification': {
      const { level, severity = now.verification?.severity ?? null } = command;
      return [{ type: 'VerificationSet', data: { incident, level, severity } }];
    }
    case 'Attribute':
      mustNameActors(command.level, command.actors);
      return [{ type: 'AttributionSet', data: { incident, level: command.level, actors: command.actors } }];
    case 'MakeClaim': {
      const { by, claimType, target } = command;
      mustHaveTarget(claimType, target);
      return [{ type: 'ClaimMade', data: { incident, claim: now.claims.length + 1, by, claimType, target } }];
    }
    case 'AssessClaim':
      mustBeExclusionClaim(now, command.claim);
      return [{ type: 'ClaimAssessed', data: { incident, claim: command.claim, outcome: command.outcome } }];
  }
}

function evolve(state: Incident, event: Events.IncidentEvent): Incident {
  if (event.type === 'IncidentOpened') return openedState(event.data);
  const now = requireOpenIncident(state);
  switch (event.type) {
    case 'ReportLinked':
      return { ...now, reports: [...now.reports, event.data.report] };
    case 'ReportUnlinked':
      return { ...now, reports: now.reports.filter((report) => report !== event.data.report) };
    case 'IncidentSplit':
      return { ...now, reports: now.reports.filter((report) => !event.data.reports.includes(report)) };
    case 'IncidentMerged':
      return { status: 'merged', incident: now.incident, into: event.data.into };
    case 'IncidentAbsorbed':
      return {
        ...now,
        reports: [...now.reports, ...event.data.carried.map(({ report }) => report)],
        claims: [...now.claims, ...event.data.claims],
        verification: now.verification ?? event.data.verification,
        attribution: now.attribution ?? event.data.attribution,
      };
    case 'VerificationSet':
      return { ...now, verification: { level: event.data.level, severity: event.data.severity } };
    case 'AttributionSet':
      return { ...now, attribution: { level: event.data.level, actors: event.data.actors } };
    case 'ClaimMade': {
      const { by, claimType, target } = event.data;
      return { ...now, claims: [...now.claims, { by, claimType, target, outcome: null }] };
    }
    case 'ClaimAssessed': {
      const { claim: number, outcome } = event.data;
      return {
        ...now,
        claims: now.claims.map((claim, index) => (index + 1 === number ? { ...claim, outcome } : claim)),
      };
    }
  }
}

function opened(
  command: Extract<IncidentCommand, { type: 'OpenIncident' | 'OpenSplitIncident' }>,
  state: Incident,
): Events.IncidentOpened {
  const { incident } = command;
  if (state.status !== 'unknown') throw new Refusal('id-reused', `Incident ${incident} is already open.`);
  if (command.type === 'OpenIncident') {
    return { type: 'IncidentOpened', data: { incident, report: command.report, splitFrom: null, carried: [] } };
  }
  const { splitFrom, carried } = command;
  const [first] = carried;
  if (!first) throw new Error('an incident opens with at least one report');
  return { type: 'IncidentOpened', data: { incident, report: first.report, splitFrom, carried } };
}

function absorbed(now: OpenIncident, other: OpenIncident, carried: readonly CarriedReport[]): Events.IncidentAbsorbed {
  return {
    type: 'IncidentAbsorbed',
    data: {
      incident: now.incident,
      from: other.incident,
      carried,
      claims: other.claims,
      verification: now.verification ? null : other.verification,
      attribution: now.attribution ? null : other.attribution,
    },
  };
}

function openedState({ incident, report, carried }: Events.IncidentOpened['data']): OpenIncident {
  const reports = carried.length > 0 ? carried.map((one) => one.report) : [report];
  return { status: 'open', incident, reports, claims: [], verification: null, attribution: null };
}

/** Narrows to an open incident. A merged one accepts no commands: Refusal names the incident it was merged into. */
export function requireOpenIncident(state: Incident): OpenIncident {
  switch (state.status) {
    case 'open':
      return state;
    case 'merged':
      throw new Refusal(
        'incident-merged',
        `Incident ${state.incident} was merged into ${state.into}: send the command there.`,
      );
    case 'unknown':
      throw new Error('an incident begins with IncidentOpened');
  }
}

function mustLeaveOne({ incident, reports }: OpenIncident, leaving: readonly string[]): void {
  const stranger = leaving.find((report) => !reports.includes(report));
  if (stranger !== undefined) {
    throw new Refusal('report-not-in-incident', `Report ${stranger} does not belong to incident ${incident}.`);
  }
  if (reports.every((report) => leaving.includes(report))) {
    throw new Refusal(
      'last-report',
      `Incident ${incident} would be left without a report: keep one report, merge the incident, or withdraw the report.`,
    );
  }
}

function mustBeAnother({ incident }: OpenIncident, other: string): void {
  if (incident === other)
    throw new Refusal('merge-into-itself', 'An incident cannot be merged into itself: name another one.');
}

const NAMES_ACTORS: readonly AttributionLevel[] = ['attributed', 'probable', 'contested'];

function mustNameActors(level: AttributionLevel, actors: readonly string[]): void {
  const names = NAMES_ACTORS.includes(level);
  if (names && actors.length === 0)
    throw new Refusal('actors-missing', `The level ${level} needs at least one actor in actors.`);
  // A withheld actor must not appear in the public part of the log either.
  if (!names && actors.length > 0)
    throw new Refusal('actors-named', `The level ${level} names nobody: leave actors empty.`);
}

function mustHaveTarget(claimType: ClaimType, target: string | null): void {
  if (claimType !== 'exclusion' || target !== null) return;
  throw new Refusal(
    'target-missing',
    'An exclusion claim needs in target the code of the excluded actor that was fired at.',
  );
}

function mustBeExclusionClaim({ incident, claims }: OpenIncident, number: number): void {
  const claim = claims[number - 1];
  if (!claim) throw new Refusal('claim-unknown', `Incident ${incident} has ${claims.length} claims, numbered from 1.`);
  if (claim.claimType === 'exclusion') return;
  throw new Refusal(
    'not-an-exclusion-claim',
    `Claim ${number} is of type ${claim.claimType}: only exclusion claims are assessed.`,
  );
}
