// What is known at one position: the registers, and the facts by the regions that they bear on, in memory.
import type { EpisodeFact, IncidentFact, RedLineFact, RegionFacts } from '#domain';
import type { Position } from '#event-log';
import type { Register } from '#registry';
import type { Observation } from '../facts/fold-observation.js';
import { bearings, type Bearings } from './bearings.js';

/** What is known anew: a row for each key that changed, or only its key where nothing of it is left. */
export type News = {
  readonly incidents: readonly { readonly fact: IncidentFact; readonly regions: readonly string[] }[];
  readonly observations: readonly Observation[];
  readonly goneObservations: readonly string[];
  readonly episodes: readonly EpisodeFact[];
  readonly redLines: readonly RedLineFact[];
  /** By the id of what is new: the position of the event that it was learnt from. */
  readonly learntAt: ReadonlyMap<string, Position>;
};

type Known = { readonly fact: IncidentFact; readonly regions: readonly string[] };

/**
 * Mutable, and only `record` changes it. What `factsOf` hands out stays as it is, so a reader that has taken the facts
 * of several regions at one go may think about them for as long as it likes.
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
  #bearings: Bearings;
  #register: Register;

  /** Knows nothing yet but the registers as they were at position 0. */
  constructor(register: Register) {
    this.#register = { ...register, position: 0 };
    this.#bearings = bearings(register.regions);
  }

  get position(): Position {
    return this.#register.position;
  }

  /** As known at the same position as the facts. */
  get register(): Register {
    return this.#register;
  }

  get incidents(): ReadonlyMap<string, Known> {
    return this.#incidents;
  }

  /** Every nil report and denial that stands. */
  get observations(): Iterable<Observation> {
    return this.#observations.values();
  }

  /** The position at which something that bears on the region was last learnt; 0: never. */
  changedAt(region: string): Position {
    return this.#changedAt.get(region) ?? 0;
  }

  /** The position of the newest event that something which bears on the region was learnt from; 0: none. */
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

  /** `news` is what became known behind this book's position, up to the register's. */
  record(news: News, register: Register): void {
    this.#draw(register);
    const touched = new Set<string>();
    const touch = (id: string, regions: Iterable<string>): void => {
      const at = news.learntAt.get(id) ?? 0;
      for (const region of regions) {
        touched.add(region);
        this.#learntAt.set(region, Math.max(at, this.learntAt(region)));
      }
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
    for (const region of touched) {
      this.#changedAt.set(region, register.position);
      this.#handedOut.delete(region);
    }
  }

  #draw(register: Register): void {
    if (register.regions !== this.#register.regions) {
      this.#bearings = bearings(register.regions);
      this.#handedOut.clear();
    }
    this.#register = register;
  }

  /** The regions in which it counted, and those in which it counts. */
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

function inGroup<Value>(groups: Map<string, Map<string, Value>>, name: string): Map<string, Value> {
  const known = groups.get(name);
  if (known) return known;
  const group = new Map<string, Value>();
  groups.set(name, group);
  return group;
}
