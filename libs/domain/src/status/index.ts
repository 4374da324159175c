// The assessment: the status of a region at any instant, with its explanation (rules.md, section 4).
export * from './assess.js';
export type { Interval } from './coverage.js';
export * from './facts.js';
export { incidentView, type IncidentView } from './incident-view.js';
export { changesUntil, carryOverAt } from './carry-over-at.js';
export { reachOf, type TimelineChanges, type CarryOver } from './carry-over.js';
export type { NotCountedReason } from './points.js';
export { incidentApplicability, type Applicability } from './scope.js';
export {
  clipped,
  coverageRuns,
  findSegment,
  statusAt,
  statusRuns,
  coverageCrossings,
  mergedSegments,
  type CoverageRun,
  type CoverageCrossing,
  type NextChange,
  type Segment,
  type StatusRun,
} from './segments.js';
export { DEFAULT_SEVERITY } from './severity.js';
export { NO_FACTS, timeline, type Question } from './timeline.js';
export * from './wadi-barada.js';
export { worstFirst } from './worst.js';
