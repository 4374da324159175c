// The bodies of region requests. Whether the named regions exist is checked later.
import type { Boundary } from '#domain';
import { z } from 'zod';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const CODE_MESSAGE = 'must be letters, digits, - and _, at most 64, such as zone-1';
const NAME_MAX = 200;
const PARTS_MAX = 1000;
const RING_POSITIONS_MIN = 4;
const POLYGONS_MAX = 10_000;
const RINGS_MAX = 1000;
// Half of a surrogate pair, or NUL: JSON can express them, PostgreSQL cannot store them.
const UNSTORABLE = /[\p{Surrogate}\0]/u;

const name = z
  .string()
  .min(1)
  .max(NAME_MAX)
  .refine((value) => !UNSTORABLE.test(value), 'must be well-formed text without NUL characters');

export const regionCode = z.string().regex(CODE, CODE_MESSAGE);

/** In a path. */
export const regionParam = regionCode.meta({ example: 'wadi-barada' });

const position = z.array(z.number()).min(2).max(3);
const ring = z.array(position).min(RING_POSITIONS_MIN).superRefine(mustBeARing);
const polygon = z.array(ring).min(1).max(RINGS_MAX);
const box = z.array(z.number()).max(6).optional();

export const boundarySchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('Polygon'), coordinates: polygon, bbox: box }),
    z.strictObject({
      type: z.literal('MultiPolygon'),
      coordinates: z.array(polygon).min(1).max(POLYGONS_MAX),
      bbox: box,
    }),
  ])
  .transform(withoutBox)
  .meta({
    description: 'A GeoJSON Polygon or MultiPolygon (RFC 7946): longitude first, rings closed',
    example: {
      type: 'Polygon',
      coordinates: [
        [
          [36.05, 33.6],
          [36.22, 33.59],
          [36.22, 33.64],
          [36.05, 33.66],
          [36.05, 33.6],
        ],
      ],
    },
  });
export type BoundaryBody = z.output<typeof boundarySchema>;

export const regionSchema = z
  .strictObject({
    code: regionCode,
    level: z.literal('zone', 'must be "zone": the administrative units come with the profile'),
    name: z.strictObject({ en: name, ar: name.nullable().default(null) }),
    parts: z
      .array(regionCode)
      .max(PARTS_MAX)
      .transform((parts) => [...new Set(parts)])
      .default([])
      .meta({ description: 'a set: order and repeats do not matter' }),
    boundary: boundarySchema.nullable().default(null),
    from: z.iso
      .datetime({ offset: true })
      .transform((value) => new Date(value).toISOString().replace('.000Z', 'Z'))
      .nullable()
      .default(null),
  })
  .meta({
    example: {
      code: 'zone-1',
      level: 'zone',
      name: { en: 'Zone 1', ar: null },
      parts: ['SY030702', 'SY030704'],
      boundary: null,
      from: null,
    },
  });
export type RegionBody = z.output<typeof regionSchema>;

/** One issue per ring: otherwise a ring with latitude first would have an issue at each of its positions. */
function mustBeARing(positions: readonly (readonly number[])[], context: z.RefinementCtx): void {
  const outside = positions.findIndex(([lon = NaN, lat = NaN]) => !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90));
  if (outside !== -1) {
    const message = 'must be a longitude from -180 to 180, then a latitude from -90 to 90';
    context.addIssue({ code: 'custom', path: [outside], message });
    return;
  }
  const [first, last] = [positions.at(0), positions.at(-1)];
  if (first?.[0] === last?.[0] && first?.[1] === last?.[1]) return;
  context.addIssue({ code: 'custom', message: 'must be closed: its last position must equal its first' });
}

type Given = { readonly bbox?: unknown } & Boundary;

function withoutBox(given: Given): Boundary {
  return given.type === 'Polygon'
    ? { type: given.type, coordinates: given.coordinates }
    : { type: given.type, coordinates: given.coordinates };
}
