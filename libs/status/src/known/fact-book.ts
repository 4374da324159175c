// The fact index of a span of time as known at one position, in memory: the registers, the facts by the regions they
// affect, and the carry-over state of the time before.
import type { EpisodeFact, IncidentFact, RedLineFact, RegionFacts, Seconds, TimelineBounds } from '#domain';
import type { Position } from '#event-log';
import type { Register } from '#registry';
import type { Observation } from '../facts/fold-observation.js';
import type { Angle } from '../past/chapters.js';
import { bearings, type Bearings } from './bearings.js';

/** A delta: the new row of each changed key, or only the key if its fact ended. */
export type News = {
  readonly incidents: readonly { readonly fact: IncidentFact; readonly regions: readonly string[] }[];
  readonly observations: readonly Observation[];
  readonly goneObservations: readonly string[];
  readonly episodes: readonly EpisodeFact[];
  readonly redLines: readonly RedLineFact[];
  /** By id: the position of the event that changed it. */
  readonly learntAt: ReadonlyMap<string, Position>;
};

/** The regions affected by the event at a position. */
export type Bearing = { readonly regions: readonly string[]; readonly at: Position };

/** Null: the beginning or the end of time. */
export type Times = { readonly from: Seconds | null; readonly to: Seconds | null };

const ALL_TIMES: Times = { from: null, to: null };
const NOTHING_AROUND: TimelineBounds = {};

type Known = { readonly fact: IncidentFact; readonly regions: readonly string[] };

/**
 * Mutable; only `record` changes it. The result of `factsOf` is immutable, so a reader that has taken the facts of
 * several regions synchronously may use them for any time.
 */
export class FactBook {
  readonly #incidents = new Map<string, Known>();
  readonly #byRegion = new Map<string, Map<string, IncidentFact>>();
  readonly #observations = new Map<string, Observation>();
  readonly #watching = new Map<string, Map<string, Observation>>();
  readonly #episodes = new Map<string, EpisodeFact>();
  readonly #redLines = new Map<string, RedLineFact>();
  readonly #changedAt = new Map<string, Position>();
  readonly #learntAt = new Map<string, Position>();
  readonly #handedOut = new Map<string, RegionFacts>();
  readonly #around = new Map<string, ReadonlyMap<string, TimelineBounds>>();
  /** Identical for all indexes that succeed each other. */
  lineage: object = this;
  #bearings: Bearings;
  #register: Register;

  /** Empty except for the registers. */
  constructor(
    register: Register,
    readonly times: Times = ALL_TIMES,
  ) {
    this.#register = { ...register, position: 0 };
    this.#bearings = bearings(register.regions);
  }

  get position(): Position {
    return this.#register.position;
  }

  /** As known at the position of the facts. */
  get register(): Register {
    return this.#register;
  }

  get incidents(): ReadonlyMap<string, Known> {
    return this.#incidents;
  }

  /** The boundary state around the span for a (lens, rules) key; empty if the index covers all time. */
  around({ lens, modalities }: Angle, region: string): TimelineBounds {
    return this.#around.get(angleName({ lens, modalities }))?.get(region) ?? NOTHING_AROUND;
  }

  surround(angle: Angle, regions: ReadonlyMap<string, TimelineBounds>): void {
    this.#around.set(angleName(angle), regions);
  }

  /** The position of the last change of a fact that affects the region; 0: none. */
  changedAt(region: string): Position {
    return this.#changedAt.get(region) ?? 0;
  }

  /** The position of the newest event that changed a fact that affects the region; 0: none. */
  learntAt(region: string): Position {
    return this.#learntAt.get(region) ?? 0;
  }

  factsOf(region: string): RegionFacts {
    const known = this.#handedOut.get(region);
    if (known) return known;
    const facts: RegionFacts = {
      incidents: [...(this.#byRegion.get(region)?.values() ?? [])],
      observations: this.#bearings.around(region).flatMap((code) => [...(this.#watching.get(code)?.values() ?? [])]),
      episodes: [...this.#episodes.values()],
      redLines: [...this.#redLines.values()],
    };
    this.#handedOut.set(region, facts);
    return facts;
  }

  /** `news` is the delta from the position of this index to the position of the register. */
  record(news: News, register: Register): void {
    this.#draw(register);
    const touched: Bearing[] = [];
    const touch = (id: string, regions: readonly string[]): void => {
      touched.push({ regions, at: news.learntAt.get(id) ?? 0 });
    };
    for (const known of news.incidents) touch(known.fact.incident, this.#learn(known));
    for (const observation of news.observations)
      touch(observation.report, this.#observe(observation.report, observation));
    for (const report of news.goneObservations) touch(report, this.#observe(report, null));
    for (const episode of news.episodes) {
      this.#episodes.set(episode.episode, episode);
      touch(episode.episode, this.#bearings.inside(episode.region));
    }
    for (const redLine of news.redLines) {
      this.#redLines.set(redLine.redLine, redLine);
      touch(redLine.redLine, [redLine.region]);
    }
    if (news.episodes.length + news.redLines.length > 0) this.#handedOut.clear();
    this.touch(touched);
  }

  /** Marks regions affected by facts outside this index. */
  touch(learnt: readonly Bearing[]): void {
    for (const { regions, at } of learnt)
      for (const region of regions) {
        this.#learntAt.set(region, Math.max(at, this.learntAt(region)));
        this.#changedAt.set(region, this.position);
        this.#handedOut.delete(region);
      }
  }

  /** Succeeds another index of the same facts; some regions have changed since. */
  continue(other: FactBook, changed: readonly Bearing[]): void {
    this.lineage = other.lineage;
    this.#changedAt.clear();
    for (const [region, position] of other.#changedAt) this.#changedAt.set(region, position);
    for (const [region, at] of other.#learntAt) this.#learntAt.set(region, Math.max(at, this.learntAt(region)));
    this.touch(changed);
  }

  #draw(register: Register): void {
    if (register.regions !== this.#register.regions) {
      this.#bearings = bearings(register.regions);
      this.#handedOut.clear();
    }
    this.#register = register;
  }

  /** The regions in which it counted before or counts now. */
  #learn(known: Known): readonly string[] {
    const { incident } = known.fact;
    const before = this.#incidents.get(incident)?.regions ?? [];
    for (const region of before) this.#byRegion.get(region)?.delete(incident);
    for (const region of known.regions) inGroup(this.#byRegion, region).set(incident, known.fact);
    this.#incidents.set(incident, known);
    return [...before, ...known.regions];
  }

  #observe(report: string, now: Observation | null): readonly string[] {
    const before = this.#observations.get(report);
    if (before) this.#watching.get(before.region)?.delete(report);
    if (now) {
      this.#observations.set(report, now);
      inGroup(this.#watching, now.region).set(report, now);
    } else this.#observations.delete(report);
    return [before, now].flatMap((observation) => (observation ? this.#bearings.of(observation.region) : []));
  }
}

function angleName({ lens, modalities }: Angle): string {
  return JSON.stringify([lens.code, modalities.version]);
}

function inGroup<Value>(groups: Map<string, Map<string, Value>>, name: string): Map<string, Value> {
  const known = groups.get(name);
  if (known) return known;
  const group = new Map<string, Value>();
  groups.set(name, group);
  return group;
}
