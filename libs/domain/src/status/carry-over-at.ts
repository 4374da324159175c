// What a region that has been worked out leaves behind: its past at an instant, and what changed until then.
import type { Seconds } from '../vocabulary.js';
import { statusSince, type ComputedTimeline } from './assess.js';
import type { TimelineChanges, CarryOver } from './carry-over.js';
import { clipped, coverageCrossings, statusRuns, type CoverageCrossing, type Segment } from './segments.js';
import { heldAt } from './timeline.js';

/** What a region that has been worked out leaves behind at an instant that its segments reach. */
export function carryOverAt(worked: ComputedTimeline, at: Seconds): CarryOver {
  const { basis, span, segments } = worked;
  const { rules } = worked.question.modalities;
  const turns = turnsOf(worked, segments);
  return {
    at,
    held: heldAt(basis, rules, { start: span.carryOver ?? null, at }),
    status: runsBefore(segments, at).at(-1)?.status ?? 'not_covered',
    since: statusSince(worked, at - 1),
    watched: turns.findLast(({ from }) => from === null || from < at) ?? { from: null, enough: false, share: 0 },
    met: basis.redLines.flatMap(({ redLine: { redLine }, met }) =>
      met && met.from < at ? [{ redLine, incident: met.incident, from: met.from }] : [],
    ),
  };
}

/** What changed from the end of the past on, until just before `until`. */
export function changesUntil(worked: ComputedTimeline, until: Seconds): TimelineChanges {
  const { segments, span } = worked;
  const { carryOver } = span;
  const status = runsBefore(segments, until).map((run) => ({ from: beginning(run.from), status: run.status }));
  return {
    status: carryOver && status[0]?.status === carryOver.status ? status.slice(1) : status,
    watched: turnsOf(worked, segments).filter(
      (turn) => turn !== carryOver?.watched && (turn.from === null || turn.from < until),
    ),
  };
}

/** The past's last turn first, where that goes on. */
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
