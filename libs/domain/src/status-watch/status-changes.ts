// Announcements about the status: changes since the last check, and restatements of the past.
import type { StatusEvent, StatusSpan } from '../status/status-events.js';
import { instantOf } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import { announcement, recent, type AnnouncedStatus, type AnnounceStatus } from './announcement.js';
import { changesWithin, sliced, mergedSteps, stepAt, type StepHistory, type Step } from './step-history.js';

/** The status history as subscribers have it: what was announced, and the baseline where nothing was. */
export function publishedHistory(silent: StepHistory<Status>, { announced }: AnnouncedStatus): StepHistory<Status> {
  const [first] = silent;
  if (!first) return [];
  const instants = [first.from, ...changesWithin(first.from, Infinity, silent, announced)];
  return mergedSteps(
    instants.map((from) => ({
      from,
      value: stepAt(announced, from)?.value ?? stepAt(silent, from)?.value ?? first.value,
    })),
  );
}

export function statusChanges(command: AnnounceStatus, state: AnnouncedStatus): readonly StatusEvent[] {
  const { status, baseline, now } = command;
  const [first] = status;
  if (!first || first.from > now) return [];
  const known = publishedHistory(baseline, state);
  const seen = Math.min(now, Math.max(state.until, command.watchedUntil ?? -Infinity, first.from));
  const past = pastCorrections(command, known, seen);
  return [...past.events, ...newChanges(command, past.known, seen)];
}

/** The corrections up to `seen`, the instant up to which subscribers have been informed. */
function pastCorrections(
  command: AnnounceStatus,
  known: StepHistory<Status>,
  seen: Seconds,
): { readonly events: readonly StatusEvent[]; readonly known: StepHistory<Status> } {
  const { status } = command;
  const present = stepAt(status, seen);
  const believed = stepAt(known, seen);
  if (!present || !believed) return { events: [], known };
  if (present.value === believed.value) return { events: restatement(command, known, seen), known };
  const at = wrongSince(known, present, seen);
  return {
    events: [...restatement(command, known, at), changed(command, at, [believed.value, present.value])],
    known: [present],
  };
}

/**
 * The instant from which the announced present status is wrong. An alarm of this hour that turns out to be false was
 * wrong for this hour only, even if the calm that replaces it began long ago; so its correction counts as recent.
 */
function wrongSince(known: StepHistory<Status>, present: Step<Status>, seen: Seconds): Seconds {
  const instants = [present.from, ...changesWithin(present.from, seen, known)];
  const agreed = instants.findLastIndex((at) => stepAt(known, at)?.value === present.value);
  return instants[agreed + 1] ?? present.from;
}

/** One restatement from the first to the last difference before `until`. */
function restatement(command: AnnounceStatus, known: StepHistory<Status>, until: Seconds): readonly StatusEvent[] {
  const { status } = command;
  const begin = status[0]?.from ?? until;
  if (begin >= until) return [];
  const instants = [begin, ...changesWithin(begin, until, status, known)].filter((at) => at < until);
  const differs = (at: Seconds): boolean => stepAt(status, at)?.value !== stepAt(known, at)?.value;
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
        before: spans(sliced(known, at, end), end),
        after: spans(sliced(status, at, end), end),
      },
    },
  ];
}

function spans(course: StepHistory<Status>, end: Seconds): readonly StatusSpan[] {
  return mergedSteps(course).map(({ from, value }, index, all) => ({
    from: instantOf(from),
    to: instantOf(all[index + 1]?.from ?? end),
    status: value,
  }));
}

/** The changes since `seen`, one by one. A change that is also in the baseline is not announced. */
function newChanges(command: AnnounceStatus, known: StepHistory<Status>, seen: Seconds): readonly StatusEvent[] {
  const { status, now } = command;
  const events: StatusEvent[] = [];
  let believed = known;
  for (const at of changesWithin(seen, now, status, known)) {
    const to = stepAt(status, at)?.value;
    const announced = stepAt(believed, at)?.value;
    if (to === undefined || announced === undefined || announced === to) continue;
    const before = stepAt(believed, at - 1)?.value ?? announced;
    events.push(changed(command, at, [before === to ? announced : before, to]));
    believed = [{ from: at, value: to }];
  }
  return events;
}

function changed(command: AnnounceStatus, at: Seconds, [from, to]: readonly [Status, Status]): StatusEvent {
  return { type: 'StatusChanged', data: { ...announcement(command, at, recent(command, at)), from, to } };
}
