// Announcements about red lines (met, no longer met) and about coverage (lost, restored).
import type { StatusEvent } from '../status/status-events.js';
import { announcement, recent, type AnnouncedStatus, type AnnounceStatus, type CoverageState } from './announcement.js';
import { changesWithin, stepAt, type Step } from './step-history.js';

export function redLineChanges(command: AnnounceStatus, { metRedLines }: AnnouncedStatus): readonly StatusEvent[] {
  const met = command.redLines.filter(({ at }) => at <= command.now);
  const cleared = metRedLines.filter((announced) => !met.some(({ redLine }) => redLine === announced));
  const newlyMet = met.filter(({ redLine }) => !metRedLines.includes(redLine));
  return [
    ...cleared.map((redLine): StatusEvent => ({
      type: 'RedLineCleared',
      data: { ...announcement(command, command.now, false), redLine },
    })),
    ...newlyMet.map(({ redLine, incident, at }): StatusEvent => ({
      type: 'RedLineMet',
      data: { ...announcement(command, at, recent(command, at)), redLine, incident },
    })),
  ];
}

/** Every crossing of the required share since the last check; when an earlier one has moved, only the current one. */
export function coverageChanges(command: AnnounceStatus, { covered }: AnnouncedStatus): readonly StatusEvent[] {
  const { coverage, now } = command;
  const [first] = coverage;
  if (!first || first.from > now) return [];
  const crossings = coverage.filter(
    ({ value }, index) => index === 0 || coverage[index - 1]?.value.enough !== value.enough,
  );
  const seen = Math.min(now, Math.max(covered?.at ?? first.from, command.watchedUntil ?? first.from));
  let announced = covered?.enough ?? first.value.enough;
  return [seen, ...changesWithin(seen, now, crossings)].flatMap((at) => {
    const run = stepAt(crossings, at);
    if (!run || run.value.enough === announced) return [];
    announced = run.value.enough;
    return [crossing(command, run)];
  });
}

function crossing(command: AnnounceStatus, { from, value }: Step<CoverageState>): StatusEvent {
  const data = { ...announcement(command, from, recent(command, from)), coverage: value.share };
  return { type: value.enough ? 'CoverageRestored' : 'CoverageLost', data };
}
