// What the watch has to say of some regions under every lens, and when it must look at them again.
import { NO_FACTS, workOut, type AnnounceStatus, type Changes, type Seconds, type WorkedOut } from '#domain';
import type { Register } from '#registry';
import type { Assessments } from '../assessment/assessments.js';
import type { FactBook } from '../known/fact-book.js';
import type { Angle } from '../past/chapters.js';
import { modalitiesAt } from '../reads/standpoint.js';
import { announcementOf, nextTurn, type Look } from './announcement.js';

/** `due`: when each region looked at must be looked at again. */
export type News = { readonly commands: readonly AnnounceStatus[]; readonly due: ReadonlyMap<string, Seconds> };

/** `historyOf`: what changed before the book's times; null: nothing else than what was announced. */
export function newsIn(
  { book, assessments }: { readonly book: FactBook; readonly assessments: Assessments },
  regions: readonly string[],
  look: Omit<Look, 'restsOn' | 'history'>,
  historyOf: (angle: Angle, region: string) => Changes | null,
): News {
  const { register, position: restsOn } = book;
  const commands: AnnounceStatus[] = [];
  const due = new Map<string, Seconds>();
  for (const angle of anglesAt(look.now)(register)) {
    for (const region of regions) {
      const worked = assessments.of(book, region, angle.lens, angle.modalities);
      const history = historyOf(angle, region);
      commands.push(announcementOf(worked, silent(worked), { ...look, restsOn, history }));
      due.set(region, Math.min(due.get(region) ?? Infinity, nextTurn(worked, look.now)));
    }
  }
  return { commands, due };
}

/** Every lens, under the modalities in force. */
export function anglesAt(now: Seconds): (register: Register) => readonly Angle[] {
  return (register) => {
    if (register.modalities.length === 0) return [];
    const modalities = modalitiesAt(register, now);
    return [...register.lenses.values()].map((lens) => ({ lens, modalities }));
  };
}

function silent({ framework, question }: WorkedOut): WorkedOut {
  return workOut(framework, NO_FACTS, question);
}
