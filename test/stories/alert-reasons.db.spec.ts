// Property: the `why` link of each alert answers what the alert says, for a seeded stream of reports and judgements.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { ApiResponse, TestUser } from '../support/running-app.js';
import { SeededRandom } from '../support/seeded-random.js';
import { openStandalone, type TestSystem } from '../support/test-system.js';

const OPERATOR: TestUser = { handle: 'operator-1', roles: ['operator'] };
const VERIFIER: TestUser = { handle: 'verifier-1', roles: ['verifier'] };
const OFFICER: TestUser = { handle: 'officer-tr', roles: ['officer'], party: 'TR' };
const ANALYST: TestUser = { handle: 'analyst-1', roles: ['analyst'] };
const MONITORS: readonly [TestUser, TestUser] = [
  { handle: 'valley-media-1', organisation: 'valley-media', roles: ['monitor'] },
  { handle: 'observatory-1', organisation: 'observatory', roles: ['monitor'] },
];

const REGIONS = ['SY030702', 'SY030704', 'SY040101', 'SY020001'] as const;
const KINDS = ['indirect_fire', 'air_strike', 'small_arms_fire', 'ground_assault'] as const;
const LEVELS = ['verified_on_site', 'verified_remote', 'refuted', 'unverifiable'] as const;
const STEPS = 60;
const HOUR_S = 3_600;
const PAST_HOURS = 150;
const TIMEOUT_MS = 240_000;

type Alert = {
  readonly type: string;
  readonly region: string;
  readonly lens: string | null;
  readonly to: string | null;
  readonly at: string;
  readonly why: string;
};

describe('The reason of an alert', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await openStandalone();
  }, TIMEOUT_MS);
  afterAll(() => system.close());

  async function post(path: string, body: object, user: TestUser): Promise<ApiResponse> {
    const answer = await system.client.post(path, body, user);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** Sends reports, nil reports, access denials, findings and withdrawals in an order that the seed decides. */
  async function generate(random: SeededRandom): Promise<void> {
    const now = Math.floor(Date.now() / 1_000);
    const incidents: string[] = [];
    const reports: { readonly id: string; readonly by: TestUser }[] = [];
    const hoursAgo = (hours: number): string => new Date((now - hours * HOUR_S) * 1_000).toISOString();
    const violation = async (incident?: string): Promise<void> => {
      const [id, by] = [random.uuid(), random.pick(MONITORS)];
      const occurred = { from: hoursAgo(random.between(1, PAST_HOURS)), precision: 'hour' };
      const what = { kind: random.pick(KINDS), severity: random.pick(['moderate', 'serious', 'grave']), means: 'seen' };
      const where = { place: { region: random.pick(REGIONS) }, accused: ['saa'], target: { actor: 'civilians' } };
      const joined = incident === undefined ? {} : { incident };
      const { body } = await post('/v1/reports', { id, type: 'violation', occurred, ...what, ...where, ...joined }, by);
      reports.push({ id, by });
      incidents.push(String(body['incident']));
    };
    const observation = async (): Promise<void> => {
      const from = random.between(6, PAST_HOURS);
      const observed = { from: hoursAgo(from), to: hoursAgo(Math.max(1, from - random.between(5, 24))) };
      const kind = random.pick([
        { type: 'nil', means: 'seen' },
        { type: 'access_denied', deniedBy: 'saa', reason: 'closed' },
      ]);
      await post(
        '/v1/reports',
        { id: random.uuid(), observed, area: { region: random.pick(REGIONS) }, ...kind },
        MONITORS[1],
      );
    };
    const oneOf = <T>(all: readonly T[]): T | undefined => all[random.between(0, all.length - 1)];
    const finding = async (): Promise<void> => {
      const incident = oneOf(incidents);
      if (incident === undefined) return;
      const body = { level: random.pick(LEVELS), note: 'on record' };
      await post(`/v1/incidents/${incident}/verification`, body, VERIFIER);
    };
    const withdrawal = async (): Promise<void> => {
      const report = oneOf(reports);
      if (report) await post(`/v1/reports/${report.id}/withdrawal`, { reason: 'sent by mistake' }, report.by);
    };
    const actions = [violation, violation, observation, finding, finding, withdrawal] as const;
    for (let step = 0; step < STEPS; step += 1) await random.pick(actions)();
  }

  async function meetRedLine(random: SeededRandom): Promise<void> {
    const [region, from] = ['SY030702', new Date(Date.now() - HOUR_S * 1_000).toISOString()];
    const line = { id: random.uuid(), declaredBy: 'jaysh_al_islam', region, text: 'The valley must not be taken.' };
    await post('/v1/red-lines', { ...line, condition: { kind: 'territorial_gain', by: ['saa'] } }, OFFICER);
    const report = { id: random.uuid(), type: 'violation', kind: 'territorial_gain', means: 'seen', accused: ['saa'] };
    const { body } = await post(
      '/v1/reports',
      { ...report, place: { region }, occurred: { from, precision: 'hour' } },
      MONITORS[0],
    );
    await post(`/v1/incidents/${String(body['incident'])}/verification`, { level: 'verified_on_site' }, VERIFIER);
  }

  async function alerts(): Promise<readonly Alert[]> {
    const { body } = await system.client.get('/v1/alerts?lens=&limit=1000', ANALYST);
    return body['items'] as readonly Alert[];
  }

  /** What the alert says that its link must answer. */
  function claimOf({ type, region, lens, to, at }: Alert): object {
    const asked = { region, lens: lens ?? 'strict', at };
    if (type === 'red_line_met') return { ...asked, isMet: true };
    if (type === 'coverage_lost' || type === 'coverage_restored')
      return { ...asked, covered: type === 'coverage_restored' };
    return to === null ? asked : { ...asked, status: to };
  }

  async function answerOf({ type, to, why }: Alert): Promise<object> {
    const { status: code, body } = await system.client.get(why, ANALYST);
    expect([why, code]).toEqual([why, 200]);
    const answered = { region: body['code'], lens: body['lens'], at: body['at'] };
    const redLines = (body['why'] as { redLines: readonly { met: boolean }[] }).redLines;
    if (type === 'red_line_met') return { ...answered, isMet: redLines.some(({ met }) => met) };
    if (type.startsWith('coverage_')) return { ...answered, covered: Number(body['coverage']) >= 0.5 };
    return to === null ? answered : { ...answered, status: body['status'] };
  }

  it('is not asked under an unknown lens', async () => {
    const { status, body } = await system.client.get('/v1/alerts?lens=strickt', ANALYST);
    expect([status, body['detail']]).toEqual([422, '/lens/0: there is no lens strickt: did you mean strict?']);
  });

  it(
    'is what its link answers',
    async () => {
      const random = SeededRandom.forSpec('alert reasons');
      const organisations = [
        { code: 'valley-media', name: 'A media centre in the valley', alignment: 'opposition' },
        { code: 'observatory', name: 'An observatory abroad', alignment: 'independent' },
      ];
      for (const one of organisations) await post('/v1/organisations', one, OPERATOR);
      await generate(random);
      await meetRedLine(random);
      const found = await eventually(async () => {
        const all = await alerts();
        expect(all.map(({ type }) => type)).toEqual(expect.arrayContaining(['status_changed', 'red_line_met']));
        return all;
      }, TIMEOUT_MS);
      process.stdout.write(`alert reasons: ${found.length} alerts\n`);
      for (const alert of found) expect([alert, await answerOf(alert)]).toEqual([alert, claimOf(alert)]);
    },
    TIMEOUT_MS,
  );
});
