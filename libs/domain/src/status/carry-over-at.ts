// From a computed timeline: the carry-over state at an instant, and the changes until then.
import type { Seconds } from '../vocabulary.js';
import { statusSince, type ComputedTimeline } from './assess.js';
import type { TimelineChanges, CarryOver } from './carry-over.js';
import { clipped, coverageCrossings, statusRuns, type CoverageCrossing, type Segment } from './segments.js';
import { heldLevelAt } from './timeline.js';

/** The carry-over state at an instant that the segments reach. */
export function carryOverAt(computed: ComputedTimeline, at: Seconds): CarryOver {
  const { basis, span, segments } = computed;
  const { rules } = computed.question.modalities;
  const turns = turnsOf(computed, segments);
  return {
    at,
    held: heldLevelAt(basis, rules, { start: span.carryOver ?? null, at }),
    status: runsBefore(segments, at).at(-1)?.status ?? 'not_covered',
    since: statusSince(computed, at - 1),
    watched: turns.findLast(({ from }) => from === null || from < at) ?? { from: null, enough: false, share: 0 },
    met: basis.redLines.flatMap(({ redLine: { redLine }, met }) =>
      met && met.from < at ? [{ redLine, incident: met.incident, from: met.from }] : [],
    ),
  };
}

/** The changes from the end of the carry-over until just before `until`. */
export function changesUntil(computed: ComputedTimeline, until: Seconds): TimelineChanges {
  const { segments, span } = computed;
  const { carryOver } = span;
  const status = runsBefore(segments, until).map((run) => ({ from: beginning(run.from), status: run.status }));
  return {
    status: carryOver && status[0]?.status === carryOver.status ? status.slice(1) : status,
    watched: turnsOf(computed, segments).filter(
      (turn) => turn !== carryOver?.watched && (turn.from === null || turn.from < until),
    ),
  };
}

/** Begins with the crossing of the carry-over if it still holds. */
function turnsOf(
  { span: { carryOver }, question }: ComputedTimeline,
  segments: readonly Segment[],
): readonly CoverageCrossing[] {
  const turns = coverageCrossings(segments, question.modalities.rules.coverage.share);
  return carryOver && turns[0]?.enough === carryOver.watched.enough ? [carryOver.watched, ...turns.slice(1)] : turns;
}

function runsBefore(segments: readonly Segment[], until: Seconds): ReturnType<typeof statusRuns> {
  return statusRuns(clipped(segments, { from: -Infinity, to: until }));
}

function beginning(from: Seconds): Seconds | null {
  return from === -Infinity ? null : from;
}
