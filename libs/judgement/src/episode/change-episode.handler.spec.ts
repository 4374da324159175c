import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EpisodeOpened } from '#domain';
import type { CommandResult } from '../command-result.js';
import { judgementWorld, requestOf, type JudgementWorld } from '../judgement.fixture.js';
import { ChangeEpisode, ChangeEpisodeHandler } from './change-episode.handler.js';
import { EpisodeList } from './episode-list.js';

const ID = '01941b7e-8a00-7000-8000-0000000000e1';
const OFFENSIVE: EpisodeOpened['data'] = {
  episode: ID,
  kind: 'offensive',
  region: 'wadi-barada',
  from: '2016-12-21T22:00:00Z',
  name: 'Wadi Barada offensive',
  accused: ['saa'],
  exclusionClaim: { by: 'saa', target: 'jfs' },
};
const TO = '2017-01-29T22:00:00Z';

let world: JudgementWorld;
let handler: ChangeEpisodeHandler;
beforeEach(async () => {
  world = await judgementWorld();
  handler = new ChangeEpisodeHandler(world.log, world.registry, world.pseudonyms);
});

function open(episode: Partial<EpisodeOpened['data']> = {}): Promise<CommandResult> {
  const command = { type: 'OpenEpisode', episode: { ...OFFENSIVE, ...episode } } as const;
  return handler.execute(new ChangeEpisode(ID, command, requestOf()));
}

function close(to = TO, ifMatch: number | null = null): Promise<CommandResult> {
  return handler.execute(new ChangeEpisode(ID, { type: 'CloseEpisode', to }, requestOf({}, ifMatch)));
}

describe('ChangeEpisode', () => {
  it('opens and closes an episode under the key of its region', async () => {
    expect(await open()).toMatchObject({ version: 1, isNew: true });
    expect(await close()).toMatchObject({ version: 2, isNew: true });
    expect(await world.lastOf(`episode-${ID}`)).toMatchObject({ type: 'EpisodeClosed', key: 'wadi-barada' });
  });

  it('answers a repeat as the first time', async () => {
    const opened = await open();
    await close();
    expect(await open()).toEqual({ ...opened, isNew: false });
    expect(await world.typesOf(`episode-${ID}`)).toEqual(['EpisodeOpened', 'EpisodeClosed']);
  });

  it.each([
    ['region', { region: 'nowhere' }, '/region'],
    ['accused', { accused: ['saa', 'nobody'] }, '/accused/1'],
    ['claimant', { exclusionClaim: { by: 'nobody', target: 'jfs' } }, '/exclusionClaim/by'],
    ['target', { exclusionClaim: { by: 'saa', target: 'nobody' } }, '/exclusionClaim/target'],
  ])('refuses an unknown %s', async (_, more, pointer) => {
    await expect(open(more)).rejects.toMatchObject({ name: 'UnknownName', pointer });
    expect(await world.typesOf(`episode-${ID}`)).toEqual([]);
  });

  it('refuses an id with other content, an end before the start, another end, and an unknown episode', async () => {
    await expect(close()).rejects.toMatchObject({ status: 404 });
    await open();
    await expect(open({ name: 'Another' })).rejects.toMatchObject({ code: 'id-reused' });
    await expect(close('2016-12-01T00:00:00Z')).rejects.toMatchObject({ code: 'closes-before-open' });
    await close();
    await expect(close('2017-02-01T00:00:00Z')).rejects.toMatchObject({ code: 'episode-closed' });
  });

  it('refuses a stale version', async () => {
    await open();
    await expect(close(TO, 2)).rejects.toMatchObject({ name: 'StaleVersion' });
    expect(await close(TO, 1)).toMatchObject({ version: 2 });
  });
});

describe('EpisodeList', () => {
  it('lists episodes in pages of one snapshot, and finds one with its version', async () => {
    const list = new EpisodeList(world.log);
    expect(await list.page({ limit: 10 })).toMatchObject({ items: [], next: null });
    await open();
    const other = { ...OFFENSIVE, episode: 'e2' };
    await world.append('episode-e2', { type: 'EpisodeOpened', data: other });
    const first = await list.page({ limit: 1 });
    expect(first.items).toMatchObject([{ id: ID, status: 'open', to: null }]);
    await close();
    await world.append('episode-e3', { type: 'EpisodeOpened', data: { ...OFFENSIVE, episode: 'e3' } });
    const second = await list.page({ limit: 1, cursor: first.next ?? '' });
    expect(second).toMatchObject({ items: [{ id: 'e2' }], next: null, position: first.position });
    expect((await list.page({ limit: 10 })).items).toMatchObject([{ status: 'closed', to: TO }, {}, {}]);
    expect(await list.one(ID)).toMatchObject({ row: { id: ID, status: 'closed' }, version: 2 });
    await expect(list.one('e4')).rejects.toMatchObject({ status: 404 });
  });
});
