// One stream per lens and region: what has been announced there. New announcements are the differences between that and
// what is known now, so a repeated or late look announces nothing twice.
import type { Decider } from '../decider.js';
import type { StatusEvent, StatusSpan } from '../status/status-events.js';
import { instantOf, secondsOf } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import { changesWithin, cut, joined, replaced, runAt, type Course } from './course.js';

/** How a region stands and stood, as known at one position of the log. */
export type AnnounceStatus = {
  readonly type: 'AnnounceStatus';
  readonly region: string;
  readonly lens: string;
  readonly modalities: string;
  /** The position that all of this rests on. */
  readonly restsOn: number;
  readonly now: Seconds;
  /** The watch has looked up to here before; what changes behind it is a change, what changes before it a restatement. */
  readonly watchedUntil: Seconds | null;
  /** What lies further back than this is history and alarms nobody. */
  readonly alertWithin: Seconds;
  /** The status with no facts at all; begins when `status` does. */
  readonly silent: Course<Status>;
  readonly status: Course<Status>;
  readonly coverage: Course<CoverageLevel>;
  /** The red lines that are met now. */
  readonly redLines: readonly MetRedLine[];
};

/** `enough`: not below the share that the modalities ask for. */
export type CoverageLevel = { readonly enough: boolean; readonly share: number };
export type MetRedLine = { readonly redLine: string; readonly incident: string; readonly at: Seconds };

/** What has been announced; it grows with the changes of status, not with the reports. */
export type AnnouncedStatus = {
  /** null where nothing was said: there it stands as it does with no facts. */
  readonly told: Course<Status | null>;
  /** The latest instant of which anything was said. */
  readonly until: Seconds;
  /** The change to the present status was an alarm; then its correction is one, however far back it reaches. */
  readonly alarmed: boolean;
  readonly metRedLines: readonly string[];
  /** null before the first announcement: as it was at the beginning. */
  readonly covered: { readonly enough: boolean; readonly at: Seconds } | null;
};

export const statusWatch: Decider<AnnounceStatus, AnnouncedStatus, StatusEvent> = {
  initialState: {
    told: [{ from: -Infinity, value: null }],
    until: -Infinity,
    alarmed: false,
    metRedLines: [],
    covered: null,
  },
  decide: (command, state) => [
    ...statusNews(command, state),
    ...redLineNews(command, state),
    ...coverageNews(command, state),
  ],
  evolve,
};

function evolve(state: AnnouncedStatus, event: StatusEvent): AnnouncedStatus {
  const { data } = event;
  const at = secondsOf(data.at);
  switch (event.type) {
    case 'StatusChanged': {
      const told = replaced(state.told, [{ from: at, value: event.data.to }], Infinity);
      return { ...state, told, until: Math.max(state.until, at), alarmed: data.alert };
    }
    case 'StatusRestated': {
      const until = secondsOf(event.data.until);
      const after = event.data.after.map(({ from, status }) => ({ from: secondsOf(from), value: status }));
      return { ...state, told: replaced(state.told, after, until), until: Math.max(state.until, until) };
    }
    case 'RedLineMet':
      return { ...state, metRedLines: [...state.metRedLines, event.data.redLine] };
    case 'RedLineCleared':
      return { ...state, metRedLines: state.metRedLines.filter((redLine) => redLine !== event.data.redLine) };
    case 'CoverageLost':
      return { ...state, covered: { enough: false, at } };
    case 'CoverageRestored':
      return { ...state, covered: { enough: true, at } };
  }
}

/** How it stands as far as subscribers know: what was told, and where nothing was told the silent course. */
export function published(silent: Course<Status>, { told }: AnnouncedStatus): Course<Status> {
  const [first] = silent;
  if (!first) return [];
  const instants = [first.from, ...changesWithin(first.from, Infinity, silent, told)];
  return joined(
    instants.map((from) => ({ from, value: runAt(told, from)?.value ?? runAt(silent, from)?.value ?? first.value })),
  );
}

function statusNews(command: AnnounceStatus, state: AnnouncedStatus): readonly StatusEvent[] {
  const { status, silent, now } = command;
  const [first] = status;
  if (!first || first.from > now) return [];
  const known = published(silent, state);
  const seen = Math.min(now, Math.max(state.until, command.watchedUntil ?? -Infinity, first.from));
  const past = pastNews(command, { known, seen, alarmed: state.alarmed });
  return [...past.events, ...newChanges(command, past.known, seen)];
}

type Known = { readonly known: Course<Status>; readonly seen: Seconds; readonly alarmed: boolean };

/** What must be put right up to the instant of which subscribers believe to know everything. */
function pastNews(
  command: AnnounceStatus,
  { known, seen, alarmed }: Known,
): { readonly events: readonly StatusEvent[]; readonly known: Course<Status> } {
  const { status } = command;
  const present = runAt(status, seen);
  const believed = runAt(known, seen);
  if (!present || !believed) return { events: [], known };
  if (present.value === believed.value) return { events: restatement(command, known, seen), known };
  return {
    events: [
      ...restatement(command, known, present.from),
      changed(command, present.from, [believed.value, present.value], alarmed),
    ],
    known: [present],
  };
}

/** One restatement from the first to the last difference before `until`. */
function restatement(command: AnnounceStatus, known: Course<Status>, until: Seconds): readonly StatusEvent[] {
  const { status } = command;
  const begin = status[0]?.from ?? until;
  if (begin >= until) return [];
  const instants = [begin, ...changesWithin(begin, until, status, known)].filter((at) => at < until);
  const differs = (at: Seconds): boolean => runAt(status, at)?.value !== runAt(known, at)?.value;
  const at = instants.find(differs);
  const last = instants.findLastIndex(differs);
  if (at === undefined) return [];
  const end = instants[last + 1] ?? until;
  return [
    {
      type: 'StatusRestated',
      data: {
        ...announcement(command, at, recent(command, end)),
        until: instantOf(end),
        before: spans(cut(known, at, end), end),
        after: spans(cut(status, at, end), end),
      },
    },
  ];
}

function spans(course: Course<Status>, end: Seconds): readonly StatusSpan[] {
  return joined(course).map(({ from, value }, index, all) => ({
    from: instantOf(from),
    to: instantOf(all[index + 1]?.from ?? end),
    status: value,
  }));
}

/** What changed since, a change at a time; a change that a region without facts goes through as well needs no word. */
function newChanges(command: AnnounceStatus, known: Course<Status>, seen: Seconds): readonly StatusEvent[] {
  const { status, now } = command;
  const events: StatusEvent[] = [];
  let believed = known;
  for (const at of changesWithin(seen, now, status, known)) {
    const to = runAt(status, at)?.value;
    const told = runAt(believed, at)?.value;
    if (to === undefined || told === undefined || told === to) continue;
    const before = runAt(believed, at - 1)?.value ?? told;
    events.push(changed(command, at, [before === to ? told : before, to], false));
    believed = [{ from: at, value: to }];
  }
  return events;
}

function changed(
  command: AnnounceStatus,
  at: Seconds,
  [from, to]: readonly [Status, Status],
  corrects: boolean,
): StatusEvent {
  return { type: 'StatusChanged', data: { ...announcement(command, at, corrects || recent(command, at)), from, to } };
}

function redLineNews(command: AnnounceStatus, { metRedLines }: AnnouncedStatus): readonly StatusEvent[] {
  const met = command.redLines.filter(({ at }) => at <= command.now);
  const cleared = metRedLines.filter((told) => !met.some(({ redLine }) => redLine === told));
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

/** Every crossing of the share since the last look; where an earlier one has moved, only what holds now is said. */
function coverageNews(command: AnnounceStatus, { covered }: AnnouncedStatus): readonly StatusEvent[] {
  const { coverage, now, watchedUntil } = command;
  const [first] = coverage;
  if (!first || first.from > now) return [];
  const seen = Math.min(now, Math.max(covered?.at ?? -Infinity, watchedUntil ?? -Infinity, first.from));
  const crossings = coverage.filter(
    ({ value }, index) => index === 0 || coverage[index - 1]?.value.enough !== value.enough,
  );
  let told = covered?.enough ?? first.value.enough;
  const events: StatusEvent[] = [];
  for (const at of [seen, ...changesWithin(seen, now, crossings)]) {
    const run = runAt(crossings, at);
    if (!run || run.value.enough === told) continue;
    told = run.value.enough;
    const type = told ? 'CoverageRestored' : 'CoverageLost';
    const data = { ...announcement(command, run.from, recent(command, run.from)), coverage: run.value.share };
    events.push({ type, data });
  }
  return events;
}

function recent({ now, alertWithin }: AnnounceStatus, at: Seconds): boolean {
  return at >= now - alertWithin;
}

function announcement(
  { region, lens, modalities, restsOn }: AnnounceStatus,
  at: Seconds,
  alert: boolean,
): { region: string; lens: string; modalities: string; restsOn: number; at: string; alert: boolean } {
  return { region, lens, modalities, restsOn, at: instantOf(at), alert };
}
