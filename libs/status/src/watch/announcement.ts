// Converts a computed timeline to the command of the status watch, and finds the instant of the next check.
import {
  changesUntil,
  summaryAt,
  type AnnounceStatus,
  type TimelineChanges,
  type StepHistory,
  type CoverageState,
  type CoverageCrossing,
  type Seconds,
  type Status,
  type ComputedTimeline,
} from '#domain';

export type Look = Pick<AnnounceStatus, 'restsOn' | 'now' | 'watchedUntil' | 'alertWithin'> & {
  /** All changes before the computed time; null: the same as announced. */
  readonly history: TimelineChanges | null;
};

/** `silent`: the timeline of the same region, lens and modalities without facts, over all time. */
export function announcementOf(
  worked: ComputedTimeline,
  silent: ComputedTimeline,
  { history, ...look }: Look,
): AnnounceStatus {
  const { region, lens, modalities } = worked.question;
  const changes = changesUntil(worked, Infinity);
  return {
    type: 'AnnounceStatus',
    region,
    lens: lens.code,
    modalities: modalities.version,
    ...look,
    baseline: statusCourse(changesUntil(silent, Infinity).status),
    status: statusCourse([...(history?.status ?? statusBefore(worked)), ...changes.status]),
    coverage: coverageCourse([...(history?.watched ?? coverageBefore(worked)), ...changes.watched]),
    redLines: summaryAt(worked, look.now).redLines.flatMap(({ redLine, incident, since }) =>
      incident === null || since === null ? [] : [{ redLine, incident, at: since }],
    ),
  };
}

/** The next instant at which the status or the coverage changes by itself; Infinity: never. */
export function nextTurn(worked: ComputedTimeline, now: Seconds): Seconds {
  const { status, watched } = changesUntil(worked, Infinity);
  const turns = [...status, ...watched].map(({ from }) => from ?? BEGINNING);
  return turns.filter((at) => at > now).reduce((one, other) => Math.min(one, other), Infinity);
}

// Announcements name instants, so the beginning of time needs one.
const BEGINNING: Seconds = 0;

function statusCourse(changes: TimelineChanges['status']): StepHistory<Status> {
  return changes.map(({ from, status }) => ({ from: Math.max(from ?? BEGINNING, BEGINNING), value: status }));
}

function coverageCourse(turns: readonly CoverageCrossing[]): StepHistory<CoverageState> {
  return turns.map(({ from, enough, share }) => ({
    from: Math.max(from ?? BEGINNING, BEGINNING),
    value: { enough, share },
  }));
}

function statusBefore({ span: { carryOver } }: ComputedTimeline): TimelineChanges['status'] {
  return carryOver ? [{ from: carryOver.since, status: carryOver.status }] : [];
}

/** The initial coverage and the last crossing; if both are the same, there was at least one crossing in between. */
function coverageBefore({ span: { carryOver }, question }: ComputedTimeline): readonly CoverageCrossing[] {
  if (!carryOver) return [];
  const { watched } = carryOver;
  if (watched.from === null) return [watched];
  const begun = { from: null, enough: 0 >= question.modalities.rules.coverage.share, share: 0 };
  const between = { from: watched.from - 1, enough: !watched.enough, share: watched.share };
  return begun.enough === watched.enough ? [begun, between, watched] : [begun, watched];
}
