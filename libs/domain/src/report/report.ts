// One stream per report: what was submitted, how it was put right, whether it still stands, and where it belongs.
import { Refusal, type Decider } from '../decider.js';
import type { CarriedReport } from '../incident/incident-events.js';
import type { ReportAmended, ReportEvent, ReportSubmitted } from './report-events.js';

export type Submission = ReportSubmitted['data'];
type Violation = Extract<Submission, { readonly type: 'violation' }>;

/** What an amendment may change: not who reported, nor where a verifier has put the report. */
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
        throw new Refusal('id-reused', 'This id is taken: make a new id for a new report.');
      return [{ type: 'ReportSubmitted', data: command.submission }];
    case 'AmendReport':
      if (state.status === 'withdrawn') {
        throw new Refusal('report-withdrawn', 'This report has been withdrawn: submit a new one, with a new id.');
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

function corrected({ source }: Submission, told: ReportAmended['data']): Submission {
  switch (told.type) {
    case 'violation': {
      const { report, type, flags, content, incident } = told;
      return { report, type, source, flags, content, incident };
    }
    case 'nil':
    case 'access_denied': {
      const { report, type, flags, content } = told;
      return { report, type, source, flags, content };
    }
  }
}

/** Throws where an amendment would make another kind of report of it. */
export function mustStayOfType(now: Submission, type: Submission['type']): void {
  if (type !== now.type) throw typeFixed(now);
}

function typeFixed({ type }: Submission): Refusal {
  return new Refusal(
    'report-type-fixed',
    `This is a report of type ${type} and stays one: withdraw it and submit another with a new id.`,
  );
}

/** A report as it goes along when it moves to another incident. */
export function carriedReport(state: Report): CarriedReport {
  const { report, source, content } = violation(state);
  return { report, source, withdrawn: state.status === 'withdrawn', content };
}

/** The incident that a report belongs to; null where it says that nothing happened, or that nobody was let in. */
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
