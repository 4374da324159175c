// The JSON of a region, and its geometry for GeoJSON.
import { REGION_LEVELS, type Region } from '#domain';
import type { Geometry } from '#platform';
import type { Register } from '#registry';
import { z } from 'zod';

export const regionRow = z.strictObject({
  code: z.string(),
  level: z.enum(REGION_LEVELS),
  name: z.strictObject({ en: z.string(), ar: z.string().nullable() }),
  parent: z.string().nullable(),
  parts: z.array(z.string()),
  areaKm2: z.number().nullable(),
  centre: z.strictObject({ lon: z.number(), lat: z.number() }).nullable(),
  /** The region itself and all regions that contain it: largest first, zones last. */
  containing: z.array(z.string()),
  from: z.string().nullable(),
  /** Whether its boundary was imported. */
  drawn: z.boolean(),
});
export type RegionRow = z.output<typeof regionRow>;

// Not a member of the row: maps need the boundary, tables would be flooded by it.
const GEOMETRY = Symbol('geometry');
export type RowWithGeometry = RegionRow & { readonly [GEOMETRY]?: Geometry | null };

export function rowOf(register: Register, region: Region): RowWithGeometry {
  const { code, level, name, parent, parts, areaKm2, centre } = region;
  const details = register.regionDetails.get(code);
  return {
    code,
    level,
    name,
    parent,
    parts: [...parts],
    areaKm2,
    centre,
    containing: [...register.regions.containing(code)],
    from: details?.from ?? null,
    drawn: Boolean(details?.boundary),
    [GEOMETRY]: details?.boundary ?? (centre && { type: 'Point', coordinates: [centre.lon, centre.lat] }),
  };
}

/** Its boundary, else its centre. */
export function geometryOf(row: RowWithGeometry): Geometry | null {
  return row[GEOMETRY] ?? null;
}
