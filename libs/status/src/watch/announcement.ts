// From a region worked out to what the watch decides on, and to the instant at which it must look again.
import {
  standingAt,
  statusRuns,
  type AnnounceStatus,
  type Course,
  type CoverageLevel,
  type Seconds,
  type Segment,
  type Status,
  type WorkedOut,
} from '#domain';

export type Look = Pick<AnnounceStatus, 'restsOn' | 'now' | 'watchedUntil' | 'alertWithin'>;

/** `silent`: the same region, lens and modalities with no facts. */
export function announcementOf(worked: WorkedOut, silent: WorkedOut, look: Look): AnnounceStatus {
  const { region, lens, modalities } = worked.question;
  return {
    type: 'AnnounceStatus',
    region,
    lens: lens.code,
    modalities: modalities.version,
    ...look,
    silent: statusCourse(silent.segments),
    status: statusCourse(worked.segments),
    coverage: coverageCourse(worked),
    redLines: standingAt(worked, look.now).redLines.flatMap(({ redLine, incident, since }) =>
      incident === null || since === null ? [] : [{ redLine, incident, at: since }],
    ),
  };
}

/** When the status or what it is worth next changes by itself; Infinity: never. */
export function nextTurn(worked: WorkedOut, now: Seconds): Seconds {
  const turns = [...statusCourse(worked.segments), ...coverageCourse(worked)].map(({ from }) => from);
  return turns.filter((at) => at > now).reduce((one, other) => Math.min(one, other), Infinity);
}

// Announcements name instants, and the beginning of time has none.
const BEGINNING: Seconds = 0;

function statusCourse(segments: readonly Segment[]): Course<Status> {
  return statusRuns(segments).map(({ from, status }) => ({ from: Math.max(from, BEGINNING), value: status }));
}

function coverageCourse({ segments, question }: WorkedOut): Course<CoverageLevel> {
  const { share } = question.modalities.rules.coverage;
  const levels = segments.map(({ from, coverage }) => ({
    from: Math.max(from, BEGINNING),
    value: { enough: coverage >= share, share: coverage },
  }));
  return levels.filter(({ value }, index) => levels[index - 1]?.value.enough !== value.enough);
}
