// One stream per report: its submission, amendments, withdrawal, and the incident it belongs to.
import { Refusal, type Decider } from '../decider.js';
import type { CarriedReport, ReportAmended, ReportEvent, ReportSubmitted } from './report-events.js';

export type Submission = ReportSubmitted['data'];
type Violation = Extract<Submission, { readonly type: 'violation' }>;

/** What an amendment may change: not the source, and not the incident that a verifier chose. */
export type Correction<Data extends Submission = Submission> = Data extends Submission
  ? Pick<Data, 'type' | 'flags' | 'content'>
  : never;

export type ReportCommand =
  | { readonly type: 'SubmitReport'; readonly submission: Submission }
  | { readonly type: 'AmendReport'; readonly correction: Correction; readonly amendment: string | null }
  | { readonly type: 'WithdrawReport' }
  | { readonly type: 'ReassignReport'; readonly incident: string };

export type Report =
  { readonly status: 'unknown' } | { readonly status: 'standing' | 'withdrawn'; readonly now: Submission };

export const report: Decider<ReportCommand, Report, ReportEvent> = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
};

function decide(command: ReportCommand, state: Report): readonly ReportEvent[] {
  switch (command.type) {
    case 'SubmitReport':
      if (state.status !== 'unknown')
        throw new Refusal('id-reused', 'This id is already used by another report: use a new id.');
      return [{ type: 'ReportSubmitted', data: command.submission }];
    case 'AmendReport':
      if (state.status === 'withdrawn') {
        throw new Refusal('report-withdrawn', 'This report was withdrawn: submit a new one with a new id.');
      }
      return [{ type: 'ReportAmended', data: amended(submitted(state), command.correction, command.amendment) }];
    case 'WithdrawReport': {
      if (state.status === 'withdrawn') return [];
      const now = submitted(state);
      return [{ type: 'ReportWithdrawn', data: { report: now.report, incident: incidentIdOf(now) } }];
    }
    case 'ReassignReport': {
      const { report, incident: from } = violation(state);
      return from === command.incident
        ? []
        : [{ type: 'ReportReassigned', data: { report, from, incident: command.incident } }];
    }
  }
}

function evolve(state: Report, event: ReportEvent): Report {
  switch (event.type) {
    case 'ReportSubmitted':
      return { status: 'standing', now: event.data };
    case 'ReportAmended':
      return { status: 'standing', now: corrected(submitted(state), event.data) };
    case 'ReportWithdrawn':
      return { status: 'withdrawn', now: submitted(state) };
    case 'ReportReassigned':
      return {
        status: state.status === 'withdrawn' ? 'withdrawn' : 'standing',
        now: { ...violation(state), incident: event.data.incident },
      };
  }
}

function amended(now: Submission, correction: Correction, amendment: string | null): ReportAmended['data'] {
  const { report } = now;
  if (now.type === 'violation' && correction.type === 'violation') {
    return { report, incident: now.incident, ...correction, amendment };
  }
  if (now.type === 'nil' && correction.type === 'nil') return { report, ...correction, amendment };
  if (now.type === 'access_denied' && correction.type === 'access_denied') return { report, ...correction, amendment };
  throw typeFixed(now);
}

function corrected({ source }: Submission, amendment: ReportAmended['data']): Submission {
  switch (amendment.type) {
    case 'violation': {
      const { report, type, flags, content, incident } = amendment;
      return { report, type, source, flags, content, incident };
    }
    case 'nil':
    case 'access_denied': {
      const { report, type, flags, content } = amendment;
      return { report, type, source, flags, content };
    }
  }
}

/** Throws when an amendment would change the type of the report. */
export function mustStayOfType(now: Submission, type: Submission['type']): void {
  if (type !== now.type) throw typeFixed(now);
}

function typeFixed({ type }: Submission): Refusal {
  return new Refusal(
    'report-type-fixed',
    `This report is of type ${type}, which cannot change: withdraw it and submit another with a new id.`,
  );
}

/** The copy of a report that moves with it to another incident. */
export function carriedReport(state: Report): CarriedReport {
  const { report, source, content } = violation(state);
  return { report, source, withdrawn: state.status === 'withdrawn', content };
}

/** The incident that a report belongs to; null for nil and access-denied reports. */
export function incidentIdOf(now: Pick<Submission, 'type'> | Violation): string | null {
  return 'incident' in now ? now.incident : null;
}

function violation(state: Report): Violation {
  const now = submitted(state);
  if (now.type === 'violation') return now;
  throw new Refusal('not-a-violation', `Only violation reports belong to incidents; this is one of type ${now.type}.`);
}

function submitted(state: Report): Submission {
  if (state.status === 'unknown') throw new Error('a report begins with ReportSubmitted');
  return state.now;
}
