// The port of the registers: regions, actors, instruments, organisations, lenses and modalities, folded from the log.
import type { Boundary, Framework, Instant, Lens, Modalities, Name, Point } from '#domain';
import type { Position } from '#event-log';

/** The smallest known region at a point. */
export type Located = {
  readonly region: string;
  /**
   * `shape`: it is inside an imported boundary. `nearest_centre`: the sub-district of the nearest centre up to 50 km
   * away, its governorate up to 110 km.
   */
  readonly by: 'shape' | 'nearest_centre';
};

/** The properties of a region that affect no status. */
export type RegionDetails = {
  /** The last revision; null: none was imported. */
  readonly boundary: Boundary | null;
  readonly from: Instant | null;
  /** The version of the region's stream. */
  readonly version: number;
};

/** The actor belonged to `to` from an instant on; `until` is the first instant outside, null: it lasts. */
export type Affiliation = {
  readonly id: string;
  readonly to: string;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly disputedBy: readonly string[];
};

/** The properties of an actor that affect no status today. */
export type ActorDetails = {
  readonly name: Name;
  readonly aliases: readonly string[];
  readonly affiliations: readonly Affiliation[];
  /** The version of the actor's stream. */
  readonly version: number;
};

/** All registers folded up to one position. */
export type Register = Framework & {
  readonly position: Position;
  readonly lenses: ReadonlyMap<string, Lens>;
  readonly actorDetails: ReadonlyMap<string, ActorDetails>;
  readonly regionDetails: ReadonlyMap<string, RegionDetails>;
  /** In the order in which they come into force. */
  readonly modalities: readonly Modalities[];
  /** Null where no boundary contains the point and no centre is within 110 km. */
  readonly locate: (point: Point) => Located | null;
  /** The zones whose boundary contains the point. */
  readonly zonesAt: (point: Point) => readonly string[];
  /** False only where the point is certainly elsewhere. Without a boundary of the region the centres decide. */
  readonly mayBeIn: (point: Point, region: string) => boolean;
};

/**
 * A fold of the registers' events, in memory (they are few) and kept current by following the log.
 * Two calls with the same position give the same.
 */
export abstract class Registry {
  /** As of a moment ago: enough for nearly every request. */
  abstract get current(): Register;
  /** As of the log's head now: for a name that `current` does not have yet. */
  abstract refresh(): Promise<Register>;
  /** As known at a position. */
  abstract asKnownAt(position: Position): Promise<Register>;
}
