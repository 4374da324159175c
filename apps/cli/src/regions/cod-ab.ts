// Parses a file of administrative boundaries as published by OCHA (COD-AB, GeoJSON).
import type { Boundary } from '#domain';
import { z } from 'zod';
import { Failure } from '../failure.js';

export const IMPORT_LEVELS = ['governorate', 'district', 'subdistrict'] as const;
export type ImportLevel = (typeof IMPORT_LEVELS)[number];

export type NamedBoundary = { readonly code: string; readonly name: string; readonly boundary: Boundary };

const NAMED_MAX = 10;

const featureSchema = z.object({
  properties: z.record(z.string(), z.unknown()).nullable(),
  geometry: z.object({ type: z.string(), coordinates: z.unknown() }).nullable(),
});
const collectionSchema = z.object({ type: z.literal('FeatureCollection'), features: z.array(featureSchema).min(1) });
type Feature = z.output<typeof featureSchema>;

/** Throws Failure, which names the invalid features and the remedy. `file`: its name in messages. */
export function parseBoundaries(text: string, level: ImportLevel, file: string): readonly NamedBoundary[] {
  const { features } = collectionIn(text, file);
  requireLevel(level, features, file);
  const number = IMPORT_LEVELS.indexOf(level) + 1;
  const drawings = features.map((feature, index) => boundaryOf(feature, number, index, file));
  requireUniqueCodes(drawings, file);
  return drawings;
}

function collectionIn(text: string, file: string): z.output<typeof collectionSchema> {
  const collection = collectionSchema.safeParse(jsonOrNull(text));
  if (collection.success) return collection.data;
  throw new Failure(`${file} is not a GeoJSON FeatureCollection; take the GeoJSON edition of the COD-AB boundaries.`);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The level of the file is that of the deepest p-code that all features have. */
function requireLevel(level: ImportLevel, features: readonly Feature[], file: string): void {
  const found = IMPORT_LEVELS.findLast((_, index) =>
    features.every((feature) => property(feature, index + 1, 'pcode')),
  );
  if (found === level) return;
  if (found) throw new Failure(`${file} is of level ${found}, not ${level}: import it with --level ${found}.`);
  const number = IMPORT_LEVELS.indexOf(level) + 1;
  const without = features.findIndex((feature) => !property(feature, number, 'pcode'));
  throw new Failure(
    `${file}: feature ${without + 1} has no property adm${number}_pcode; take the COD-AB file of level ${number}.`,
  );
}

function boundaryOf(feature: Feature, number: number, index: number, file: string): NamedBoundary {
  const code = property(feature, number, 'pcode') ?? '';
  const { geometry } = feature;
  if (geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon') {
    // The server checks the coordinates.
    const boundary = { type: geometry.type, coordinates: geometry.coordinates } as Boundary;
    return { code, name: property(feature, number, 'name') ?? code, boundary };
  }
  throw new Failure(
    `${file}: feature ${index + 1} (${code}) is a ${geometry?.type ?? 'feature without geometry'}, not a Polygon or a MultiPolygon; take the file of areas, not that of points or lines.`,
  );
}

// Older editions write ADM3_PCODE and ADM3_EN.
function property({ properties }: Feature, number: number, what: 'pcode' | 'name'): string | null {
  const names = what === 'pcode' ? [`adm${number}_pcode`] : [`adm${number}_name`, `adm${number}_en`];
  for (const [name, value] of Object.entries(properties ?? {}))
    if (names.includes(name.toLowerCase()) && typeof value === 'string' && value !== '') return value;
  return null;
}

function requireUniqueCodes(drawings: readonly NamedBoundary[], file: string): void {
  const codes = drawings.map(({ code }) => code);
  const twice = codes.filter((code, index) => codes.indexOf(code) !== index);
  if (twice.length === 0) return;
  throw new Failure(`${file} has several features for ${listed(twice)}; merge them into one MultiPolygon each.`);
}

/** At most ten names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const more = unique.length > NAMED_MAX ? ` and ${unique.length - NAMED_MAX} more` : '';
  return unique.slice(0, NAMED_MAX).join(', ') + more;
}
