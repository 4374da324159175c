// For facts in any order, every answer equals the one computed from all facts over all time.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from '../../../../test/support/fast-check.js';
import {
  assessmentAt,
  changesUntil,
  clipped,
  DAY,
  instantOf,
  NO_FACTS,
  statusWatch,
  computeTimeline,
  type AnnouncedStatus,
  type EpisodeFact,
  type IncidentFact,
  type RedLineFact,
  type RegionFacts,
  type Seconds,
} from '#domain';
import { inTransaction } from '#database';
import type { Position } from '#event-log';
import { Settings } from '#platform';
import { PostgresCheckpoints, type Session } from '#projection';
import { Registry, type Register } from '#registry';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { Assessments } from '../assessment/assessments.js';
import { currentDocs, writeEpisodes, writeIncidents, writeObservations, writeRedLines } from '../facts/fact-rows.js';
import type { Observation } from '../facts/fold-observation.js';
import type { Angle } from '../past/chapters.js';
import { PastCourses } from '../past/past-courses.js';
import { HandClock } from '../status.fixture.js';
import { announcementOf } from '../watch/announcement.js';
import {
  anyInstant,
  FIRST_REGISTER,
  LENSES,
  MODALITIES,
  registered,
  step,
  YEAR_ENDS,
  type Step,
} from './generated.fixture.js';
import { FactBook } from './fact-book.js';
import { Knowledge } from './knowledge.js';
import { docsBetween } from './load-facts.js';

const ANGLES: readonly Angle[] = LENSES.map((lens) => ({ lens, modalities: MODALITIES }));
/** An index of the present only, one that becomes so on the way, and one of all time. */
const HELD_WHOLE = [0, 2, 1_000];
/** Each run uses a new database; PROPERTY_RUNS sets their number. */
const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 6) };
const PATIENCE_MS = RUNS.numRuns * 20_000;

class GivenRegistry extends Registry {
  readonly #all: Register[] = [FIRST_REGISTER];
  get current(): Register {
    return this.#all.at(-1) ?? FIRST_REGISTER;
  }
  refresh(): Promise<Register> {
    return Promise.resolve(this.current);
  }
  asKnownAt(position: Position): Promise<Register> {
    const register = this.#all.findLast((one) => one.position <= position) ?? FIRST_REGISTER;
    return Promise.resolve({ ...register, position });
  }
  change(register: Register): void {
    this.#all.push(register);
  }
}

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

function docsOf<Doc>(rows: readonly { readonly doc: Doc }[]): readonly Doc[] {
  return rows.map(({ doc }) => doc);
}

/** A log's worth of steps, and readers of several processes. */
class World {
  readonly registry = new GivenRegistry();
  readonly clock = new HandClock(instantOf(YEAR_ENDS - 300 * DAY));
  readonly checkpoints = new PostgresCheckpoints(database.databases.analysis);
  readonly #settings: Settings;
  readonly reader: Knowledge;
  position = 0;

  private constructor(heldWhole: number) {
    this.#settings = Settings.from({ HELD_WHOLE_INCIDENTS: String(heldWhole) });
    this.reader = this.process();
  }

  static async begin(generation: number): Promise<World> {
    const { analysis } = database.databases;
    await analysis`delete from incident_fact`;
    await analysis`delete from observation_fact`;
    await analysis`delete from episode_fact`;
    await analysis`delete from red_line_fact`;
    await analysis`
      insert into checkpoints (projection, epoch, position, generation) values ('facts', 1, 0, ${generation})
      on conflict (projection, partition) do update set position = 0, generation = ${generation}`;
    return new World(HELD_WHOLE[generation % HELD_WHOLE.length] ?? 0);
  }

  process(): Knowledge {
    const { databases } = database;
    return new Knowledge(
      databases,
      this.checkpoints,
      this.registry,
      this.clock,
      new PastCourses(databases),
      this.#settings,
    );
  }

  async take(one: Step): Promise<void> {
    if (one.is === 'time') {
      this.clock.instant = instantOf(this.now + one.days * DAY);
      return;
    }
    this.position += 1;
    if (one.is === 'registered')
      this.registry.change({ ...registered(this.registry.current, one.what), position: this.position });
    await inTransaction(database.databases.analysis, async (session) => {
      if (one.is !== 'registered') await this.#write(session, one);
      await session`update checkpoints set position = ${this.position} where projection = 'facts'`;
    });
  }

  get now(): Seconds {
    return Date.parse(this.clock.instant) / 1000;
  }

  async whole(
    position: Position,
  ): Promise<{ readonly register: Register; readonly factsOf: (region: string) => RegionFacts }> {
    const { analysis } = database.databases;
    const span = { after: 0, until: position };
    const incidents = await analysis<{ doc: IncidentFact; regions: string[] }[]>`
      select doc, regions from incident_fact where known_from <= ${position} and known_until > ${position}`;
    const register = await this.registry.asKnownAt(position);
    const book = new FactBook(register);
    book.record(
      {
        incidents: incidents.map(({ doc, regions }) => ({ fact: doc, regions })),
        observations: docsOf(await docsBetween<Observation>(analysis, 'observation_fact', span)),
        goneObservations: [],
        episodes: docsOf(await docsBetween<EpisodeFact>(analysis, 'episode_fact', span)),
        redLines: docsOf(await docsBetween<RedLineFact>(analysis, 'red_line_fact', span)),
        learntAt: new Map(),
      },
      register,
    );
    return { register, factsOf: (region) => book.factsOf(region) };
  }

  async #write(session: Session, one: Exclude<Step, { readonly is: 'time' | 'registered' }>): Promise<void> {
    const history = <Doc>(key: string, before: Doc | undefined, doc: Doc | null) => [
      { key, before: before ?? null, steps: before === undefined && doc === null ? [] : [{ at: this.position, doc }] },
    ];
    const before = async <Doc>(table: string, column: string, key: string): Promise<Doc | undefined> =>
      (await currentDocs<Doc>(session, table, column, [key])).get(key);
    switch (one.is) {
      case 'incident': {
        const { incident } = one.fact;
        await writeIncidents(session, history(incident, await before('incident_fact', 'incident', incident), one.fact));
        return;
      }
      case 'observation': {
        const known = await before<Observation>('observation_fact', 'report', one.report);
        await writeObservations(session, history(one.report, known, one.fact));
        return;
      }
      case 'episode': {
        const { episode } = one.fact;
        await writeEpisodes(session, history(episode, await before('episode_fact', 'episode', episode), one.fact));
        return;
      }
      case 'red line': {
        const { redLine } = one.fact;
        await writeRedLines(session, history(redLine, await before('red_line_fact', 'red_line', redLine), one.fact));
      }
    }
  }
}

let generation = 0;

async function eachStep(steps: readonly Step[], look: (world: World, index: number) => Promise<void>): Promise<void> {
  generation += 1;
  const world = await World.begin(generation);
  for (const [index, one] of steps.entries()) {
    await world.take(one);
    await look(world, index);
  }
}

const standing = (world: World) => ({ position: world.position, generation });
const steps = fc.array(step, { minLength: 3, maxLength: 14 });

describe('the fact indexes', () => {
  it(
    'answers about the present as computed from all facts, for old and new readers',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }), (all, isRead) =>
          eachStep(all, async (world, index) => {
            if (isRead[index] === true) return;
            const assessments = new Assessments();
            const whole = await world.whole(world.position);
            for (const knowledge of [world.reader, world.process()])
              await knowledge.now(
                standing(world),
                () => ANGLES,
                (book) => {
                  for (const { code } of whole.register.regions.all)
                    for (const { lens, modalities } of ANGLES) {
                      const worked = assessments.of(book, code, lens, modalities);
                      const expected = computeTimeline(whole.register, whole.factsOf(code), {
                        region: code,
                        lens,
                        modalities,
                      });
                      const from = book.times.from ?? -Infinity;
                      expect(worked.segments).toEqual(clipped(expected.segments, { from, to: Infinity }));
                      expect(assessmentAt(worked, world.now)).toEqual(assessmentAt(expected, world.now));
                    }
                },
              );
          }),
        ),
        RUNS,
      );
    },
    PATIENCE_MS,
  );

  it(
    'answers about any instant, as known at any position, as computed from all facts known then',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          steps,
          fc.array(fc.tuple(anyInstant, fc.nat(14)), { minLength: 3, maxLength: 3 }),
          (all, reads) =>
            eachStep(all, async (world, index) => {
              if (index < all.length - 1 && index % 4 > 0) return;
              for (const [at, back] of reads) {
                const position = Math.max(0, world.position - back);
                const whole = await world.whole(position);
                const needs = { position, from: at - 30 * DAY, to: at + 1, foretell: true };
                await world.reader.at(
                  needs,
                  standing(world),
                  () => ANGLES,
                  (book) => {
                    for (const { code } of whole.register.regions.all)
                      for (const { lens, modalities } of ANGLES) {
                        const worked = new Assessments().of(book, code, lens, modalities);
                        const expected = computeTimeline(whole.register, whole.factsOf(code), {
                          region: code,
                          lens,
                          modalities,
                        });
                        expect(assessmentAt(worked, at)).toEqual(assessmentAt(expected, at));
                      }
                  },
                );
              }
            }),
        ),
        RUNS,
      );
    },
    PATIENCE_MS,
  );

  it(
    'has all changes of all time',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, (all) =>
          eachStep(all, async (world) => {
            const whole = await world.whole(world.position);
            const regions = whole.register.regions.all.map(({ code }) => code);
            const look = (
              book: FactBook,
              history: (angle: Angle, region: string) => ReturnType<typeof changesUntil>,
            ): void => {
              for (const region of regions)
                for (const angle of ANGLES) {
                  const worked = new Assessments().of(book, region, angle.lens, angle.modalities);
                  const [before, since] = [history(angle, region), changesUntil(worked, Infinity)];
                  const expected = computeTimeline(whole.register, whole.factsOf(region), { region, ...angle });
                  expect({
                    status: [...before.status, ...since.status],
                    watched: [...before.watched, ...since.watched],
                  }).toEqual(changesUntil(expected, Infinity));
                }
            };
            await world.reader.withHistory(standing(world), () => ANGLES, { regionsOf: () => regions, look });
          }),
        ),
        RUNS,
      );
    },
    PATIENCE_MS,
  );

  it(
    'announces the same from the present as from the complete history, if nothing older was affected',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, (all) => {
          const told = new Map<string, AnnouncedStatus>();
          let last: { readonly position: Position; readonly now: Seconds } | null = null;
          return eachStep(all, async (world, index) => {
            const whole = await world.whole(world.position);
            const regions = whole.register.regions.all.map(({ code }) => code);
            const before = all[index]?.is === 'registered' ? null : last;
            let touched: ReadonlySet<string> | null = null;
            const look = {
              restsOn: world.position,
              now: world.now,
              watchedUntil: last?.now ?? null,
              alertWithin: 30 * DAY,
            };
            await world.reader.withHistory(standing(world), () => ANGLES, {
              regionsOf: () => {
                const isRecent = before !== null && before.now >= world.reader.presentBegins;
                touched = isRecent ? world.reader.touchedSince(before.position) : null;
                return regions;
              },
              look: (book, history) => {
                for (const region of regions)
                  for (const angle of ANGLES) {
                    const name = `${angle.lens.code} ${region}`;
                    const worked = new Assessments().of(book, region, angle.lens, angle.modalities);
                    const silent = computeTimeline(whole.register, NO_FACTS, worked.question);
                    const state = told.get(name) ?? statusWatch.initialState;
                    const full = announcementOf(worked, silent, { ...look, history: history(angle, region) });
                    const events = statusWatch.decide(full, state);
                    const short = announcementOf(worked, silent, { ...look, history: null });
                    const isShort = touched?.has(region) === false;
                    expect(isShort ? statusWatch.decide(short, state) : events).toEqual(events);
                    told.set(name, events.reduce(statusWatch.evolve, state));
                  }
              },
            });
            last = { position: world.position, now: world.now };
          });
        }),
        RUNS,
      );
    },
    PATIENCE_MS,
  );
});
