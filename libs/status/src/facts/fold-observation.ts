// One nil report's or denial's events in, the observation after them out; null once it has been withdrawn.
import { secondsOf, type ObservationContent, type ObservationFact, type ReportEvent } from '#domain';

/** With the regions around its area as they were at intake: what a reader may count it in. */
export type Observation = ObservationFact & { readonly regions: readonly string[] };

export function foldObservation(state: Observation | null, event: ReportEvent): Observation | null {
  switch (event.type) {
    case 'ReportSubmitted':
    case 'ReportAmended':
      return event.data.type === 'violation'
        ? state
        : observation(event.data.report, event.data.type, event.data.content);
    case 'ReportWithdrawn':
      return null;
    case 'ReportReassigned':
      return state;
  }
}

function observation(report: string, type: ObservationFact['type'], content: ObservationContent): Observation {
  const { observed, area, deniedBy } = content;
  return {
    report,
    type,
    region: area.region,
    regions: area.regions,
    from: secondsOf(observed.from),
    to: secondsOf(observed.to),
    deniedBy,
  };
}
