// Which regions affect which: the status of a region depends on everything inside it and on what overlaps it.
import type { RegionMap } from '#domain';

export type Bearings = {
  /** The regions whose observations affect the coverage of this one. */
  readonly around: (region: string) => readonly string[];
  /** The regions whose coverage is affected by observations of this one. */
  readonly of: (region: string) => readonly string[];
  /** The region itself and everything inside it. */
  readonly inside: (region: string) => readonly string[];
};

const drawn = new WeakMap<RegionMap, Bearings>();

export function bearings(map: RegionMap): Bearings {
  const known = drawn.get(map);
  if (known) return known;
  const made = draw(map);
  drawn.set(map, made);
  return made;
}

function draw(map: RegionMap): Bearings {
  const around = new Map<string, readonly string[]>();
  const of = new Map<string, string[]>();
  for (const { code } of map.all) {
    const bearing = new Set(map.leaves(code).flatMap((leaf) => map.containing(leaf.code)));
    around.set(code, [...bearing]);
    for (const other of bearing) {
      const known = of.get(other);
      if (known) known.push(code);
      else of.set(other, [code]);
    }
  }
  return {
    around: (region) => around.get(region) ?? [region],
    of: (region) => of.get(region) ?? [region],
    inside: (region) => map.inside(region),
  };
}
