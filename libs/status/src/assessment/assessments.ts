// A cache of computed timelines: an entry is valid until a fact that affects its region changes.
import { Injectable } from '@nestjs/common';
import { computeTimeline, type Framework, type Lens, type Modalities, type ComputedTimeline } from '#domain';
import type { Position } from '#event-log';
import type { FactBook } from '../known/fact-book.js';

type Known = { readonly changedAt: Position; readonly worked: ComputedTimeline };

/**
 * A computed timeline covers all instants of the fact index, so a region without new facts costs one look-up, whatever
 * instant is requested. One entry per region, lens and modalities.
 */
@Injectable()
export class Assessments {
  /** By region and modalities, then by lens. */
  readonly #known = new WeakMap<FactBook, Map<string, Map<string, Known>>>();

  of(book: FactBook, region: string, lens: Lens, modalities: Modalities): ComputedTimeline {
    const entries = this.#entriesOf(book, JSON.stringify([modalities.version, region]));
    const changedAt = book.changedAt(region);
    const known = entries.get(lens.code);
    const span = book.around({ lens, modalities }, region);
    if (known?.changedAt === changedAt && known.worked.span === span)
      if (rests(known.worked, { ...book.register, lens, modalities })) return known.worked;
    // Most lenses give the same result for most regions.
    const like = [...entries.values()].find((one) => one.changedAt === changedAt);
    const question = { region, lens, modalities };
    const worked = computeTimeline(frameworkOf(book), book.factsOf(region), question, {
      span,
      like: like?.worked ?? null,
    });
    entries.set(lens.code, { changedAt, worked });
    return worked;
  }

  #entriesOf(book: FactBook, about: string): Map<string, Known> {
    const ofBook = this.#known.get(book) ?? new Map<string, Map<string, Known>>();
    this.#known.set(book, ofBook);
    const entries = ofBook.get(about) ?? new Map<string, Known>();
    ofBook.set(about, entries);
    return entries;
  }
}

export function frameworkOf({ register }: FactBook): Framework {
  const { regions, actors, instruments, alignments } = register;
  return { regions, actors, instruments, alignments };
}

// Registers are folded into new objects when something in them changed, and only then.
function rests(
  { framework, question }: ComputedTimeline,
  now: Framework & { readonly lens: Lens; readonly modalities: Modalities },
): boolean {
  return (
    framework.regions === now.regions &&
    framework.actors === now.actors &&
    framework.instruments === now.instruments &&
    framework.alignments === now.alignments &&
    question.lens === now.lens &&
    question.modalities === now.modalities
  );
}
