// The running example through the API: the hand check of rules.md, section 4, and the other results of the scenario.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { play } from '../../apps/cli/src/play/play.js';
import { scenario, TRUE_DATES, type Parts } from '../../apps/cli/src/play/scenario.js';
import { openStandalone, type TestSystem } from '../support/test-system.js';
import type { TestUser } from '../support/running-app.js';

const ANALYST: TestUser = { handle: 'analyst-1', roles: ['analyst'] };
const TIMEOUT_MS = 120_000;

type Segment = { readonly from: string; readonly status: string };
type PlayedStory = { readonly system: TestSystem; readonly position: number };

async function playInto(parts: Parts, system: TestSystem): Promise<number> {
  const send = async (
    { sub, org, roles, party }: Parameters<Parameters<typeof play>[1]>[0],
    path: string,
    body: unknown,
  ) => {
    const user = { handle: sub, organisation: org ?? '', roles, party: party ?? null };
    const answer = await system.client.post(path, body as object, user);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  };
  let last = 0;
  for await (const { position } of play(scenario(parts), send)) last = Math.max(last, position);
  return last;
}

async function opened(parts: Parts): Promise<PlayedStory> {
  const system = await openStandalone();
  return { system, position: await playInto(parts, system) };
}

async function get({ system, position }: PlayedStory, path: string): Promise<Record<string, unknown>> {
  const { status, body } = await system.client.get(`${path}&minPosition=${position}`, ANALYST);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}

/** `status instant`, a line for each change of the valley's status. */
async function statusChanges(story: PlayedStory): Promise<readonly string[]> {
  const { segments } = await get(story, '/v1/regions/wadi-barada/timeline?from=2016-12-29&to=2017-02-07');
  return (segments as readonly Segment[])
    .filter(({ status }, index, all) => all[index - 1]?.status !== status)
    .map(({ from, status }) => `${status} ${from.slice(0, 16)}`);
}

async function noonPoints(story: PlayedStory): Promise<readonly unknown[]> {
  const days = Array.from({ length: 31 }, (_, n) => String(n + 1).padStart(2, '0'));
  const noons = days.map((day) => get(story, `/v1/regions/wadi-barada/status?at=2017-01-${day}T12:00:00Z`));
  return (await Promise.all(noons)).map(({ intensity }) => intensity);
}

// rules.md, section 4: points at 12:00 UTC of 1-31 January 2017.
const COMPUTED_BY_HAND = [
  4.8, 9.6, 7.2, 4.8, 4.8, 9.6, 10.35, 5.55, 2.775, 2.775, 2.775, 7.575, 5.175, 19.2, 31.2, 22.8, 16.8, 21.6, 21.2,
  18.8, 9.4, 8.2, 8.2, 5.8, 4.15, 3.9, 8.325, 27.95, 23.15, 13.15, 13.15,
];

describe('the offensive on Wadi Barada, as its users reported it', () => {
  let story: PlayedStory;
  beforeAll(async () => {
    story = await opened(TRUE_DATES);
  }, TIMEOUT_MS);
  afterAll(() => story.system.close());

  it('has the points that were computed by hand', async () => {
    expect(await noonPoints(story)).toEqual(COMPUTED_BY_HAND);
  });

  it('is violated from the first hour of the ceasefire, and indicates a breakdown when the springs fall', async () => {
    expect(await statusChanges(story)).toEqual([
      'not_covered 2016-12-28T22:00',
      'violated 2016-12-29T22:00',
      'breakdown_indicated 2017-01-27T22:00',
    ]);
  });

  it('names the red line and the episode as reasons', async () => {
    const { why } = await get(story, '/v1/regions/wadi-barada/status?at=2017-01-28T12:00:00Z');
    expect(why).toMatchObject({
      redLines: [{ declaredBy: 'jaysh_al_islam', met: true }],
      floor: { name: 'Offensive of Wadi Barada' },
    });
  });

  it('is the worst child of every region that contains it', async () => {
    for (const region of ['SY', 'SY03', 'SY0307']) {
      const { worst } = await get(story, `/v1/regions/${region}/status?at=2017-01-28T12:00:00Z`);
      expect(worst).toMatchObject({ code: 'wadi-barada', status: 'breakdown_indicated' });
    }
  });

  it('leaves a region without reports not observed, and an observed one holding', async () => {
    expect(await get(story, '/v1/regions/SY02/status?at=2017-01-15T12:00:00Z')).toMatchObject({
      status: 'not_observed',
    });
    expect(await get(story, '/v1/regions/SY10/status?at=2017-01-15T12:00:00Z')).toMatchObject({ status: 'holding' });
  });

  it('lists the attacks of an excluded actor as out of scope', async () => {
    const { status, why } = await get(story, '/v1/regions/SY09/status?at=2017-01-19T12:00:00Z');
    expect(status).toBe('not_observed');
    const { counted, notCounted } = why as { counted: unknown[]; notCounted: { reason: string }[] };
    expect(counted).toEqual([]);
    expect(notCounted.map(({ reason }) => reason)).toEqual(['out_of_scope', 'out_of_scope', 'out_of_scope']);
  });

  it('predicts the next change of each status', async () => {
    for (const region of ['SY', 'SY03', 'SY0307', 'SY10', 'SY100000']) {
      const { why } = await get(story, `/v1/regions/${region}/status?at=2017-01-31T12:00:00Z`);
      const { at, status } = (why as { nextChange: { at: string; status: string } }).nextChange;
      expect(await get(story, `/v1/regions/${region}/status?at=${at}`)).toMatchObject({ status, since: at });
    }
  });

  it('raises no alert, because it is all history', async () => {
    expect(await get(story, '/v1/alerts?limit=1')).toMatchObject({ items: [] });
  });

  it('reports deaths as the range of all sources', async () => {
    const { items } = await get(story, '/v1/incidents?kind=indirect_fire&from=2017-01-15&to=2017-01-15');
    expect(items).toMatchObject([
      {
        verification: 'corroborated',
        casualties: { killed: { min: 7, max: 12 }, injured: { min: 20, max: 23 } },
        reportCount: 2,
      },
    ]);
  });

  it(
    'adds nothing when it is sent again',
    async () => {
      expect(await playInto(TRUE_DATES, story.system)).toBe(story.position);
    },
    TIMEOUT_MS,
  );
});

describe('the incidents alone', () => {
  it.each([
    {
      watching: 'no observer',
      valleyObserved: false,
      expected: [
        'not_covered 2016-12-28T22:00',
        'not_observed 2016-12-29T22:00',
        'strained 2016-12-31T22:00',
        'violated 2017-01-06T22:00',
        'not_observed 2017-02-03T22:00',
      ],
    },
    {
      watching: 'the valley observed throughout',
      valleyObserved: true,
      expected: [
        'not_covered 2016-12-28T22:00',
        'holding 2016-12-29T22:00',
        'strained 2016-12-31T22:00',
        'violated 2017-01-06T22:00',
        'strained 2017-01-10T22:00',
        'violated 2017-01-13T22:00',
        'holding 2017-02-06T22:00',
      ],
    },
  ])(
    'give the timeline that was computed by hand, with $watching',
    async ({ valleyObserved, expected }) => {
      const story = await opened({ ...TRUE_DATES, framed: false, valleyObserved });
      try {
        expect(await noonPoints(story)).toEqual(COMPUTED_BY_HAND);
        expect(await statusChanges(story)).toEqual(expected);
      } finally {
        await story.system.close();
      }
    },
    TIMEOUT_MS,
  );
});
