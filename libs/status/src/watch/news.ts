// The commands of the status watch for some regions under every lens, and when to check them again.
import {
  NO_FACTS,
  computeTimeline,
  type AnnounceStatus,
  type TimelineChanges,
  type Seconds,
  type ComputedTimeline,
} from '#domain';
import type { Position } from '#event-log';
import type { Register } from '#registry';
import type { Assessments } from '../assessment/assessments.js';
import type { FactBook } from '../known/fact-book.js';
import type { Angle } from '../past/chapters.js';
import { modalitiesAt } from '../reads/as-of.js';
import { announcementOf, nextTurn, type Look } from './announcement.js';

/** `cause`: the newest event that changed the region's facts since the last check; null: none. */
export type Caused = { readonly command: AnnounceStatus; readonly cause: Position | null };

/** `due`: when each checked region must be checked again. */
export type News = { readonly commands: readonly Caused[]; readonly due: ReadonlyMap<string, Seconds> };

/** `historyOf`: the changes before the span of the index; null: the same as announced. */
export function newsIn(
  { book, assessments }: { readonly book: FactBook; readonly assessments: Assessments },
  regions: readonly string[],
  { lookedAt, ...look }: Omit<Look, 'restsOn' | 'history'> & { readonly lookedAt: Position },
  historyOf: (angle: Angle, region: string) => TimelineChanges | null,
): News {
  const { register, position: restsOn } = book;
  const commands: Caused[] = [];
  const due = new Map<string, Seconds>();
  for (const angle of anglesAt(look.now)(register)) {
    for (const region of regions) {
      const worked = assessments.of(book, region, angle.lens, angle.modalities);
      const history = historyOf(angle, region);
      const learntAt = book.learntAt(region);
      commands.push({
        command: announcementOf(worked, silent(worked), { ...look, restsOn, history }),
        cause: learntAt > lookedAt ? learntAt : null,
      });
      due.set(region, Math.min(due.get(region) ?? Infinity, nextTurn(worked, look.now)));
    }
  }
  return { commands, due };
}

/** Every lens with the modalities in force. */
export function anglesAt(now: Seconds): (register: Register) => readonly Angle[] {
  return (register) => {
    if (register.modalities.length === 0) return [];
    const modalities = modalitiesAt(register, now);
    return [...register.lenses.values()].map((lens) => ({ lens, modalities }));
  };
}

function silent({ framework, question }: ComputedTimeline): ComputedTimeline {
  return computeTimeline(framework, NO_FACTS, question);
}
