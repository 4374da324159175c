// "Did you mean ...?" for actors and regions: by code, name and alias, in any script.
import { nearest } from '#platform';
import { foldText } from './search-text.js';
import type { Register } from './registry.js';

const SUGGESTIONS_MAX = 3;
// Shorter texts are part of too many names.
const PART_LENGTH_MIN = 3;

type Entry = { readonly code: string; readonly text: string };

// Folding all names of a register takes milliseconds, and a file may have thousands of unknown names.
const actorEntries = new WeakMap<Register['actorDetails'], readonly Entry[]>();
const regionEntries = new WeakMap<Register['regions'], readonly Entry[]>();

/** Codes of the actors whose code, name or alias is close to `given`, the closest first. */
export function similarActors(given: string, { actorDetails }: Register): readonly string[] {
  let entries = actorEntries.get(actorDetails);
  if (!entries) {
    const actors = [...actorDetails];
    entries = entriesOf(actors.map(([code, { name, aliases }]) => [code, [code, name.en, name.ar, ...aliases]]));
    actorEntries.set(actorDetails, entries);
  }
  return similar(given, entries);
}

/** As `similarActors`, of regions. */
export function similarRegions(given: string, { regions }: Register): readonly string[] {
  let entries = regionEntries.get(regions);
  if (!entries) {
    entries = entriesOf(regions.all.map(({ code, name }) => [code, [code, name.en, name.ar]]));
    regionEntries.set(regions, entries);
  }
  return similar(given, entries);
}

function entriesOf(named: readonly (readonly [code: string, texts: readonly (string | null)[]])[]): readonly Entry[] {
  return named.flatMap(([code, texts]) =>
    texts.flatMap((text) => (text === null ? [] : [{ code, text: foldText(text) }])),
  );
}

function similar(given: string, entries: readonly Entry[]): readonly string[] {
  const wanted = foldText(given);
  if (wanted === '') return [];
  const same = entries.filter(({ text }) => text === wanted);
  const containing = wanted.length < PART_LENGTH_MIN ? [] : entries.filter(({ text }) => isPart(wanted, text));
  const texts = entries.map(({ text }) => text);
  const near = same.length > 0 || containing.length > 0 ? null : nearest(wanted, texts);
  const mistyped = entries.filter(({ text }) => text === near);
  const codes = [...same, ...containing, ...mistyped].map(({ code }) => code);
  return [...new Set(codes)].slice(0, SUGGESTIONS_MAX);
}

function isPart(wanted: string, text: string): boolean {
  return text.length >= PART_LENGTH_MIN && (` ${text} `.includes(` ${wanted} `) || ` ${wanted} `.includes(` ${text} `));
}
