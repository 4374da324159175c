import { beforeEach, describe, expect, it } from '@jest/globals';
import { judgementWorld, requestOf, type JudgementWorld } from '../judgement.fixture.js';
import { IncidentReader } from './incident-reader.js';
import { reported } from './incident.fixture.js';
import { JudgeIncident, JudgeIncidentHandler, type JudgeIncidentResult } from './judge-incident.handler.js';

type Judgement = JudgeIncident['judgement'];

const ON_SITE: Judgement = { type: 'SetVerification', level: 'verified_on_site', severity: 'grave' };
const REMOTE: Judgement = { type: 'SetVerification', level: 'verified_remote' };
const EXCLUSION: Judgement = { type: 'MakeClaim', by: 'RU', claimType: 'exclusion', target: 'jfs' };

let world: JudgementWorld;
let handler: JudgeIncidentHandler;
beforeEach(async () => {
  world = await judgementWorld();
  await reported(world, 'r1', 'i1');
  handler = new JudgeIncidentHandler(world.log, new IncidentReader(world.log), world.registry, world.pseudonyms);
});

function judge(judgement: Judgement, note = 'seen', ifMatch: number | null = null): Promise<JudgeIncidentResult> {
  const request = requestOf({ handle: 'verifier-1' }, ifMatch);
  return handler.execute(new JudgeIncident('i1', judgement, { note }, request));
}

describe('JudgeIncident', () => {
  it('sets verification and attribution, with the note apart from the event', async () => {
    const { position } = await judge(ON_SITE, 'a crater');
    await judge({ type: 'Attribute', level: 'probable', actors: ['saa'] });
    expect(await world.typesOf('incident-i1')).toEqual(['IncidentOpened', 'VerificationSet', 'AttributionSet']);
    expect((await world.log.confidential.read([position])).get(position)).toEqual({ note: 'a crater' });
  });

  it('records claims, numbers them and assesses them', async () => {
    expect(await judge(EXCLUSION)).toMatchObject({ claim: 1, isNew: true });
    expect(await judge({ ...EXCLUSION, by: 'saa' })).toMatchObject({ claim: 2 });
    expect(await judge({ type: 'AssessClaim', claim: 1, outcome: 'rejected' })).toMatchObject({ isNew: true });
    await expect(judge({ type: 'AssessClaim', claim: 3, outcome: 'upheld' })).rejects.toThrow();
  });

  it('answers a repeat as the first time', async () => {
    const first = await judge(EXCLUSION);
    await judge(ON_SITE);
    expect(await judge(EXCLUSION)).toEqual({ ...first, isNew: false });
    expect(await world.typesOf('incident-i1')).toEqual(['IncidentOpened', 'ClaimMade', 'VerificationSet']);
  });

  it('records a finding again after another one replaced it', async () => {
    await judge(ON_SITE);
    await judge(REMOTE);
    expect(await judge(ON_SITE)).toMatchObject({ isNew: true, version: 4 });
  });

  it.each([
    ['an accused', { type: 'Attribute', level: 'probable', actors: ['saa', 'nobody'] }, '/actors/1'],
    ['a claimant', { ...EXCLUSION, by: 'nobody' }, '/by'],
    ['a target', { ...EXCLUSION, target: 'nobody' }, '/target'],
  ] as const)('refuses an unknown name of %s', async (_, judgement, pointer) => {
    await expect(judge(judgement as Judgement)).rejects.toMatchObject({ name: 'UnknownName', pointer });
    expect(await world.typesOf('incident-i1')).toEqual(['IncidentOpened']);
  });

  it('refuses an unknown incident and a stale version', async () => {
    const unknown = handler.execute(new JudgeIncident('i2', ON_SITE, {}, requestOf()));
    await expect(unknown).rejects.toMatchObject({ status: 404 });
    await judge(ON_SITE, 'seen', 1);
    await expect(judge(REMOTE, 'seen', 1)).rejects.toMatchObject({ name: 'StaleVersion' });
  });

  it('records both of two concurrent claims', async () => {
    const claims = await Promise.all([judge(EXCLUSION), judge({ ...EXCLUSION, by: 'saa' })]);
    expect(claims.map(({ claim }) => claim).sort()).toEqual([1, 2]);
  });
});
