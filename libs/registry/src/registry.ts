// The port of the registers: regions, actors, instruments, organisations, lenses, modalities, as the log tells them.
import type { Boundary, Framework, Instant, Lens, Modalities, Name, Point } from '#domain';
import type { Position } from '#event-log';

/** The smallest known region at a point. */
export type Located = {
  readonly region: string;
  /** `shape`: it lies in an imported boundary; `nearest_centre`: the nearest sub-district centre within 50 km. */
  readonly by: 'shape' | 'nearest_centre';
};

/** What of a region does not bear on any status: how it is drawn, and since when. */
export type RegionDetails = {
  /** As it was last revised; null: nobody has drawn it. */
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

/** What of an actor no assessment uses today. */
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
  /** Null where no shape holds the point and no centre is near. */
  readonly locate: (point: Point) => Located | null;
  /** The zones whose shape holds the point. */
  readonly zonesAt: (point: Point) => readonly string[];
  /** False only where the point surely lies elsewhere; without a shape of the region this is judged by the centres. */
  readonly mayBeIn: (point: Point, region: string) => boolean;
};

/**
 * A fold of the registers' events, held in memory (they are few) and kept current by following the log.
 * Two calls with the same position answer the same.
 */
export abstract class Registry {
  /** As of a moment ago: what nearly every request needs. */
  abstract get current(): Register;
  /** As of the log's head now: for a name that `current` does not know yet. */
  abstract refresh(): Promise<Register>;
  /** As it was known at a position. */
  abstract asKnownAt(position: Position): Promise<Register>;
}
