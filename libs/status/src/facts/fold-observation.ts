// Folds the events of one nil or access-denied report into its fact; null once it is withdrawn.
import { secondsOf, type ObservationContent, type ObservationFact, type ReportEvent } from '#domain';

/** With the regions that contained its area at intake, in which it is counted. */
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
