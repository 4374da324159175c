// The events of a region. Stream and key: region-<code>.
import type { Instant, Name, RegionLevel } from '../vocabulary.js';

/** Degrees, WGS 84. */
export type Point = { readonly lon: number; readonly lat: number };

/** A GeoJSON Polygon or MultiPolygon (RFC 7946, longitude first). */
export type Boundary =
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly (readonly number[])[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly (readonly number[])[])[])[] };

export type RegionDefined = {
  readonly type: 'RegionDefined';
  readonly data: {
    readonly region: string;
    readonly level: RegionLevel;
    readonly name: Name;
    /** The enclosing region in the administrative tree; null for the country and for zones. */
    readonly parent: string | null;
    readonly areaKm2: number | null;
    readonly centre: Point | null;
    /** A zone's parts; empty for all others. */
    readonly parts: readonly string[];
    readonly boundary: Boundary | null;
    readonly from: Instant | null;
  };
};
export type BoundaryRevised = {
  readonly type: 'BoundaryRevised';
  readonly data: { readonly region: string; readonly boundary: Boundary };
};
export type RegionEvent = RegionDefined | BoundaryRevised;
