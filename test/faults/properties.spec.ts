// Properties of any reports and judgements, in any order of arrival, however often they are sent.
import { describe, expect, it } from '@jest/globals';
import fc from '../support/fast-check.js';
import { IntakeModule } from '#intake';
import { JudgementModule } from '#judgement';
import { Followers } from '#platform';
import { PostgresCheckpoints, ProjectionRunner, type Projection } from '#projection';
import { FACTS, StatusModule } from '#status';
import { SeededRandom } from '../support/seeded-random.js';
import { runApp, type TestUser, type RunningApp } from '../support/running-app.js';
import { projectionsDifferingFromLog } from './log-check.js';

// Each run starts two systems with their own databases and the complete profile, which takes seconds.
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 4);
const TIMEOUT_MS = 240_000;
const FOLD_TIMEOUT_MS = 60_000;
const STEPS_MAX = 14;
const DAY_MS = 86_400_000;
const BEGIN_MS = Date.parse('2017-01-10T00:00:00Z');

const MONITORS: readonly TestUser[] = [
  { handle: 'm-1', organisation: 'valley-media', roles: ['monitor'] },
  { handle: 'm-2', organisation: 'observatory', roles: ['monitor'] },
  { handle: 'm-3', organisation: 'observatory', roles: ['monitor'] },
];
const VERIFIER: TestUser = { handle: 'verifier-1', roles: ['verifier'] };
const OFFICER: TestUser = { handle: 'officer-tr', roles: ['officer'], party: 'TR' };
const ANALYST: TestUser = { handle: 'analyst-1', roles: ['analyst'] };
const REGIONS = ['SY030702', 'SY0307', 'wadi-barada', 'SY'] as const;

/** One request. `needs`: the index of an earlier step; `{incident}` is replaced by the incident of its answer. */
type Step = {
  readonly as: TestUser;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly needs: number | null;
};

const id = fc.uuid({ version: 7 });
const instant = fc
  .integer({ min: 0, max: 6 * 24 * 60 })
  .map((minutes) => new Date(BEGIN_MS + minutes * 60_000).toISOString());
const monitor = fc.constantFrom(...MONITORS);
const before = fc.nat({ max: STEPS_MAX });

type GeneratedStep = Omit<Step, 'needs'> & { readonly wants: number | null };

const violation = fc
  .record({
    as: monitor,
    id,
    from: instant,
    region: fc.constantFrom('SY030702', 'SY030700', 'SY0307'),
    kind: fc.constantFrom('indirect_fire', 'ground_assault', 'territorial_gain', 'detention'),
    severity: fc.constantFrom('minor', 'moderate', 'serious', 'grave', null),
    means: fc.constantFrom('seen', 'recorded', 'hearsay'),
    accused: fc.constantFrom(['saa'], ['hezbollah'], []),
    wants: fc.option(before),
  })
  .map(({ as, from, region, wants, ...content }): GeneratedStep => ({
    as,
    wants,
    path: '/v1/reports',
    body: {
      ...content,
      type: 'violation',
      occurred: { from, precision: 'hour' },
      place: { region },
      incident: wants === null ? null : '{incident}',
    },
  }));

const observation = fc
  .record({ as: monitor, id, day: fc.nat({ max: 5 }), isNil: fc.boolean(), region: fc.constantFrom('SY', 'SY0307') })
  .map(({ as, id: report, day, isNil, region }): GeneratedStep => {
    const from = new Date(BEGIN_MS + day * DAY_MS).toISOString();
    const to = new Date(BEGIN_MS + (day + 1) * DAY_MS).toISOString();
    const type = isNil ? { type: 'nil', means: 'seen' } : { type: 'access_denied', deniedBy: 'saa' };
    return {
      as,
      wants: null,
      path: '/v1/reports',
      body: { id: report, ...type, observed: { from, to }, area: { region } },
    };
  });

const episode = fc.record({ id, from: instant }).map((body): GeneratedStep => ({
  as: VERIFIER,
  wants: null,
  path: '/v1/episodes',
  body: { ...body, kind: 'offensive', region: 'wadi-barada', name: 'The offensive', accused: ['saa'] },
}));

const redLine = id.map((line): GeneratedStep => ({
  as: OFFICER,
  wants: null,
  path: '/v1/red-lines',
  body: {
    id: line,
    declaredBy: 'jaysh_al_islam',
    region: 'wadi-barada',
    condition: { kind: 'territorial_gain', by: ['saa'] },
    text: 'The talks are over if the springs fall.',
  },
}));

const judgement = fc
  .record({
    wants: before,
    what: fc.constantFrom(
      ['verification', { level: 'verified_on_site' }],
      ['claims', { by: 'saa', type: 'denial', text: 'It was not us.' }],
      ['claims', { by: 'saa', type: 'exclusion', text: 'It was Fatah al-Sham.', target: 'jfs' }],
    ),
  })
  .map(({ wants, what: [what, body] }): GeneratedStep => ({
    as: VERIFIER,
    wants,
    path: `/v1/incidents/{incident}/${what}`,
    body,
  }));

const steps = fc
  .array(
    fc.oneof(
      { arbitrary: violation, weight: 6 },
      { arbitrary: observation, weight: 3 },
      { arbitrary: judgement, weight: 4 },
      { arbitrary: episode, weight: 1 },
      { arbitrary: redLine, weight: 1 },
    ),
    { minLength: 4, maxLength: STEPS_MAX },
  )
  .map(playable);

/** Who needs an incident takes one that an earlier step has opened; of an incident only one judgement of each kind. */
function playable(drawn: readonly GeneratedStep[]): readonly Step[] {
  const all: Step[] = [];
  const openers: number[] = [];
  const evaluate = new Set<string>();
  for (const { wants, ...step } of drawn) {
    const needs = wants === null ? null : (openers[wants % Math.max(1, openers.length)] ?? null);
    const isReport = step.path === '/v1/reports';
    if (wants !== null && needs === null) {
      if (!isReport) continue;
      all.push({ ...step, body: { ...step.body, incident: null }, needs: null });
    } else if (isReport) all.push({ ...step, needs });
    else {
      const judgementOf = `${needs ?? ''} ${step.path} ${JSON.stringify(step.body['type'])}`;
      if (needs !== null && evaluate.has(judgementOf)) continue;
      evaluate.add(judgementOf);
      all.push({ ...step, needs });
    }
    if (isReport && needs === null && step.body['type'] === 'violation') openers.push(all.length - 1);
  }
  return all;
}

type System = {
  readonly app: RunningApp;
  readonly runner: ProjectionRunner;
  readonly projections: readonly Projection[];
};

async function open(): Promise<System> {
  const app = await runApp([IntakeModule, JudgementModule, StatusModule]);
  const { log, databases } = app.database;
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const projections = app.app.get(Followers).all();
  const runner = new ProjectionRunner({
    ...{ log, sql: databases.analysis, projections, checkpoints },
    now: () => '2017-01-15T10:00:00.000Z',
    onFailure: (name, error) => {
      process.stderr.write(`${name} failed: ${String(error)}\n`);
    },
  });
  runner.start();
  const operator: TestUser = { handle: 'operator-1', roles: ['operator'] };
  for (const [code, alignment] of [
    ['valley-media', 'opposition'],
    ['observatory', 'independent'],
  ] as const) {
    await app.post('/v1/organisations', { code, name: code, alignment }, operator);
  }
  return { app, runner, projections };
}

/** Sends the steps in this order, each `times` times. Returns the answers that are wrong. */
async function play(
  { app }: System,
  all: readonly Step[],
  order: readonly number[],
  times: number,
): Promise<unknown[]> {
  const incidents = new Map<number, string>();
  const odd: unknown[] = [];
  for (const index of order) {
    const step = all[index];
    if (!step) continue;
    const filledIn = (text: string): string => text.replaceAll('{incident}', incidents.get(step.needs ?? -1) ?? '');
    const body = JSON.parse(filledIn(JSON.stringify(step.body))) as object;
    const first = await app.post(filledIn(step.path), body, step.as);
    if (first.status >= 300) odd.push({ step, answer: first });
    const { position } = await app.database.log.head();
    for (let time = 2; time <= times; time += 1) {
      const again = await app.post(filledIn(step.path), body, step.as);
      const isSame = again.status === 200 && JSON.stringify(again.body) === JSON.stringify(first.body);
      if (!isSame || (await app.database.log.head()).position !== position) odd.push({ step, first, again });
    }
    if (step.path === '/v1/reports') incidents.set(index, String(first.body['incident']));
  }
  return odd;
}

/** A random order in which every step comes after the step that it needs. */
function shuffled(all: readonly Step[], random: SeededRandom): readonly number[] {
  const order: number[] = [];
  const left = new Set(all.keys());
  while (left.size > 0) {
    const ready = [...left].filter((index) => {
      const needs = all[index]?.needs ?? null;
      return needs === null || order.includes(needs);
    });
    const next = ready[random.between(0, ready.length - 1)] ?? 0;
    order.push(next);
    left.delete(next);
  }
  return order;
}

/** `rows`: read from rows, as queries with `knownAtPosition` are; `memory`: read from the cache. */
async function timelines({ app }: System, from: 'memory' | 'rows'): Promise<unknown[]> {
  const { position } = await app.database.log.head();
  const checkpoints = new PostgresCheckpoints(app.database.databases.analysis);
  if (!(await checkpoints.isReached(FACTS, position, FOLD_TIMEOUT_MS))) throw new Error('the facts are lagging');
  return Promise.all(
    REGIONS.map(async (region) => {
      const path = `/v1/regions/${region}/timeline?from=2017-01-05T00:00:00Z&to=2017-02-05T00:00:00Z`;
      const { status, body } = await app.get(
        `${path}&${from === 'rows' ? 'knownAtPosition' : 'minPosition'}=${position}`,
        ANALYST,
      );
      if (status !== 200) throw new Error(`${path} returned ${status}: ${JSON.stringify(body)}`);
      return [region, body['segments']];
    }),
  );
}

async function close({ app, runner }: System): Promise<void> {
  await runner.stop();
  await app.close();
}

describe('Any reports and judgements', () => {
  it(
    'give the same timeline in any order and with repeats: live, replayed and rebuilt',
    async () => {
      const { seed } = SeededRandom.forSpec('properties');
      const property = fc.asyncProperty(steps, fc.nat(), async (all, shuffle) => {
        const [inOrder, shuffledTwice] = await Promise.all([open(), open()]);
        try {
          expect(await play(inOrder, all, [...all.keys()], 1)).toEqual([]);
          expect(await play(shuffledTwice, all, shuffled(all, new SeededRandom(shuffle)), 2)).toEqual([]);
          const [expected, live] = [await timelines(inOrder, 'memory'), await timelines(shuffledTwice, 'memory')];
          expect(live).toEqual(expected);
          await shuffledTwice.runner.stop();
          expect(await projectionsDifferingFromLog(shuffledTwice.projections, shuffledTwice.app.database)).toEqual([]);
          expect(await timelines(shuffledTwice, 'rows')).toEqual(live);
        } finally {
          await Promise.all([close(inOrder), close(shuffledTwice)]);
        }
      });
      await fc.assert(property, { numRuns: RUNS, seed, endOnFailure: true });
    },
    TIMEOUT_MS,
  );
});
