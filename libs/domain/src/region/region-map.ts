// How regions nest and overlap: which contain which, and which are leaves (rules.md, section 3 and rules 9, 10, 13).
import type { Name, RegionLevel } from '../vocabulary.js';
import type { Point } from './region-events.js';

export type Region = {
  readonly code: string;
  readonly level: RegionLevel;
  readonly name: Name;
  readonly parent: string | null;
  readonly areaKm2: number | null;
  readonly centre: Point | null;
  /** The regions that make up a zone: its parts, or, if it has none, the smallest regions whose centre is in its shape. */
  readonly parts: readonly string[];
};

export type RegionMap = {
  /** All regions, largest level first, then by code. */
  readonly all: readonly Region[];
  readonly get: (code: string) => Region | undefined;
  /** The region itself and every region that contains it: largest first, zones last. Empty for an unknown code. */
  readonly containing: (code: string) => readonly string[];
  /** The region itself and everything inside it, in the order of `all`. */
  readonly inside: (code: string) => readonly string[];
  /** The smallest regions inside it; the region itself if it has none. */
  readonly leaves: (code: string) => readonly Region[];
};

const LEVEL_ORDER: Readonly<Record<RegionLevel, number>> = {
  country: 0,
  governorate: 1,
  district: 2,
  subdistrict: 3,
  zone: 4,
};

export function regionMap(regions: Iterable<Region>): RegionMap {
  const all = [...regions].sort(largestFirst);
  const byCode = new Map(all.map((region) => [region.code, region]));
  const containing = new Map<string, readonly string[]>();
  // Zones may be made of zones: the recursion resolves the parts of a zone before the zone itself.
  const containingOf = (code: string, path: readonly string[] = []): readonly string[] => {
    const known = containing.get(code);
    if (known) return known;
    const region = byCode.get(code);
    if (!region || path.includes(code)) return [];
    const found = inOrder(
      around(region, all, (part) => containingOf(part, [...path, code])),
      byCode,
    );
    if (path.length === 0) containing.set(code, found);
    return found;
  };
  for (const { code } of all) containingOf(code);

  const inside = new Map<string, string[]>(all.map(({ code }) => [code, []]));
  for (const { code } of all) for (const outer of containing.get(code) ?? []) inside.get(outer)?.push(code);
  const parents = new Set(all.map(({ parent }) => parent));
  const isLeaf = ({ code, level }: Region): boolean => level !== 'zone' && !parents.has(code);
  const leaves = new Map<string, readonly Region[]>();
  for (const region of all) {
    const within = (inside.get(region.code) ?? []).flatMap((code) => byCode.get(code) ?? []).filter(isLeaf);
    leaves.set(region.code, within.length > 0 ? within : [region]);
  }
  return {
    all,
    get: (code) => byCode.get(code),
    containing: (code) => containing.get(code) ?? [],
    inside: (code) => inside.get(code) ?? [],
    leaves: (code) => leaves.get(code) ?? [],
  };
}

/** Itself, its ancestors, and what contains all of its parts; then the zones made of any of these. */
function around(
  region: Region,
  all: readonly Region[],
  containing: (part: string) => readonly string[],
): ReadonlySet<string> {
  const found = new Set([region.code]);
  if (region.parent !== null) for (const outer of containing(region.parent)) found.add(outer);
  if (region.level === 'zone') for (const outer of containsAllOf(region, all, containing)) found.add(outer);
  // Repeated until nothing is added, because zones may be made of zones.
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const zone of all) if (zone.parts.some((part) => found.has(part))) found.add(zone.code);
  }
  return found;
}

function containsAllOf(
  zone: Region,
  all: readonly Region[],
  containing: (part: string) => readonly string[],
): readonly string[] {
  const [first, ...others] = zone.parts.map(containing);
  // A zone without parts is at least in the country.
  if (!first) return all.filter(({ level }) => level === 'country').map(({ code }) => code);
  return first.filter((code) => others.every((outer) => outer.includes(code)));
}

function inOrder(codes: ReadonlySet<string>, byCode: ReadonlyMap<string, Region>): readonly string[] {
  return [...codes]
    .flatMap((code) => byCode.get(code) ?? [])
    .sort(largestFirst)
    .map(({ code }) => code);
}

function largestFirst(one: Region, other: Region): number {
  return LEVEL_ORDER[one.level] - LEVEL_ORDER[other.level] || (one.code < other.code ? -1 : 1);
}
