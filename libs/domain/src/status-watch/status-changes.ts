// What is new about a status: changes since the last look, and a past that reads otherwise by now.
import type { StatusEvent, StatusSpan } from '../status/status-events.js';
import { instantOf } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import { announcement, recent, type AnnouncedStatus, type AnnounceStatus } from './announcement.js';
import { changesWithin, cut, joined, runAt, type StepHistory, type Step } from './step-history.js';

/** How it stands as far as subscribers know: what was told, and where nothing was told the silent course. */
export function published(silent: StepHistory<Status>, { announced }: AnnouncedStatus): StepHistory<Status> {
  const [first] = silent;
  if (!first) return [];
  const instants = [first.from, ...changesWithin(first.from, Infinity, silent, announced)];
  return joined(
    instants.map((from) => ({
      from,
      value: runAt(announced, from)?.value ?? runAt(silent, from)?.value ?? first.value,
    })),
  );
}

export function statusNews(command: AnnounceStatus, state: AnnouncedStatus): readonly StatusEvent[] {
  const { status, baseline, now } = command;
  const [first] = status;
  if (!first || first.from > now) return [];
  const known = published(baseline, state);
  const seen = Math.min(now, Math.max(state.until, command.watchedUntil ?? -Infinity, first.from));
  const past = pastNews(command, known, seen);
  return [...past.events, ...newChanges(command, past.known, seen)];
}

/** What must be put right up to the instant of which subscribers believe to know everything. */
function pastNews(
  command: AnnounceStatus,
  known: StepHistory<Status>,
  seen: Seconds,
): { readonly events: readonly StatusEvent[]; readonly known: StepHistory<Status> } {
  const { status } = command;
  const present = runAt(status, seen);
  const believed = runAt(known, seen);
  if (!present || !believed) return { events: [], known };
  if (present.value === believed.value) return { events: restatement(command, known, seen), known };
  const at = wrongSince(known, present, seen);
  return {
    events: [...restatement(command, known, at), changed(command, at, [believed.value, present.value])],
    known: [present],
  };
}

/**
 * Since when what was told of the present is wrong. An alarm of this hour that turns out to be false was wrong for this
 * hour, though the calm that takes its place began long ago; so its correction is not taken for history.
 */
function wrongSince(known: StepHistory<Status>, present: Step<Status>, seen: Seconds): Seconds {
  const instants = [present.from, ...changesWithin(present.from, seen, known)];
  const agreed = instants.findLastIndex((at) => runAt(known, at)?.value === present.value);
  return instants[agreed + 1] ?? present.from;
}

/** One restatement from the first to the last difference before `until`. */
function restatement(command: AnnounceStatus, known: StepHistory<Status>, until: Seconds): readonly StatusEvent[] {
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
        ...announcement(command, at, recent(command, at)),
        until: instantOf(end),
        before: spans(cut(known, at, end), end),
        after: spans(cut(status, at, end), end),
      },
    },
  ];
}

function spans(course: StepHistory<Status>, end: Seconds): readonly StatusSpan[] {
  return joined(course).map(({ from, value }, index, all) => ({
    from: instantOf(from),
    to: instantOf(all[index + 1]?.from ?? end),
    status: value,
  }));
}

/** What changed since, a change at a time; a change that a region without facts goes through as well needs no word. */
function newChanges(command: AnnounceStatus, known: StepHistory<Status>, seen: Seconds): readonly StatusEvent[] {
  const { status, now } = command;
  const events: StatusEvent[] = [];
  let believed = known;
  for (const at of changesWithin(seen, now, status, known)) {
    const to = runAt(status, at)?.value;
    const told = runAt(believed, at)?.value;
    if (to === undefined || told === undefined || told === to) continue;
    const before = runAt(believed, at - 1)?.value ?? told;
    events.push(changed(command, at, [before === to ? told : before, to]));
    believed = [{ from: at, value: to }];
  }
  return events;
}

function changed(command: AnnounceStatus, at: Seconds, [from, to]: readonly [Status, Status]): StatusEvent {
  return { type: 'StatusChanged', data: { ...announcement(command, at, recent(command, at)), from, to } };
}
