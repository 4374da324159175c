import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Guarantor, RedLineDeclared } from '#domain';
import type { CommandResult } from '../command-result.js';
import { judgementWorld, requestOf, type JudgementWorld } from '../judgement.fixture.js';
import { ChangeRedLine, ChangeRedLineHandler } from './change-red-line.handler.js';
import { RedLineList } from './red-line-list.js';

const ID = '01941b7e-8a00-7000-8000-0000000000f1';
const VALLEY: RedLineDeclared['data'] = {
  redLine: ID,
  declaredBy: 'jaysh_al_islam',
  region: 'wadi-barada',
  condition: { kind: 'territorial_gain', by: ['saa'] },
  text: 'The ceasefire ends if government forces retake the valley.',
};

let world: JudgementWorld;
let handler: ChangeRedLineHandler;
beforeEach(async () => {
  world = await judgementWorld();
  handler = new ChangeRedLineHandler(world.log, world.registry, world.pseudonyms);
});

function declare(more: Partial<RedLineDeclared['data']> = {}, party: Guarantor | null = 'TR'): Promise<CommandResult> {
  const command = { type: 'DeclareRedLine', redLine: { ...VALLEY, ...more } } as const;
  return handler.execute(new ChangeRedLine(ID, command, {}, requestOf({ party })));
}

function withdraw(note: string, at = '2017-02-06T00:00:00Z', party: Guarantor = 'TR'): Promise<CommandResult> {
  return handler.execute(new ChangeRedLine(ID, { type: 'WithdrawRedLine', at }, { note }, requestOf({ party }, null)));
}

describe('ChangeRedLine', () => {
  it('declares and withdraws a red line, with the note apart from the event', async () => {
    expect(await declare()).toMatchObject({ version: 1, isNew: true });
    const { position } = await withdraw('by the delegation');
    expect(await world.typesOf(`red-line-${ID}`)).toEqual(['RedLineDeclared', 'RedLineWithdrawn']);
    expect((await world.log.confidential.read([position])).get(position)).toEqual({ note: 'by the delegation' });
    expect(JSON.stringify(await world.lastOf(`red-line-${ID}`))).not.toContain('delegation');
  });

  it('answers a repeat as the first time, whenever it is withdrawn again', async () => {
    await declare();
    const first = await withdraw('over', '2017-02-06T00:00:00Z');
    expect(await withdraw('over', '2017-02-07T00:00:00Z')).toEqual({ ...first, isNew: false });
  });

  it('says that a second withdrawal with another note changed nothing', async () => {
    await declare();
    const first = await withdraw('over');
    expect(await withdraw('really over')).toEqual({ ...first, isNew: false, isUnchanged: true });
    expect(await world.typesOf(`red-line-${ID}`)).toEqual(['RedLineDeclared', 'RedLineWithdrawn']);
  });

  it.each([
    ['an officer of another guarantor', 'RU'],
    ['a caller without a party', null],
  ] as const)('refuses %s', async (_, party) => {
    await expect(declare({}, party)).rejects.toMatchObject({ status: 403, code: 'not-your-red-line' });
  });

  it('lets any officer act for an actor without a guarantor, and only its own for a guarantor', async () => {
    await expect(declare({ declaredBy: 'IR' })).rejects.toMatchObject({ status: 403 });
    await declare({ declaredBy: 'ypg' });
    await expect(withdraw('over', undefined, 'RU')).resolves.toMatchObject({ isNew: true });
  });

  it.each([
    ['declarer', { declaredBy: 'nobody' }, '/declaredBy'],
    ['region', { region: 'nowhere' }, '/region'],
    ['actor', { condition: { kind: 'territorial_gain', by: ['nobody'] } }, '/condition/by/0'],
  ] as const)('refuses an unknown %s', async (_, more, pointer) => {
    await expect(declare(more)).rejects.toMatchObject({ name: 'UnknownName', pointer });
  });

  it('has no red line that nobody declared', async () => {
    await expect(withdraw('over')).rejects.toMatchObject({ status: 404 });
  });
});

describe('RedLineList', () => {
  it('lists red lines with their state, and finds one with its version', async () => {
    const list = new RedLineList(world.log);
    await declare();
    expect((await list.page({ limit: 10 })).items).toEqual([
      { id: ID, ...VALLEY, redLine: undefined, status: 'declared', withdrawnAt: null },
    ]);
    await withdraw('over');
    expect(await list.one(ID)).toMatchObject({
      row: { status: 'withdrawn', withdrawnAt: '2017-02-06T00:00:00Z' },
      version: 2,
    });
    await expect(list.one('f2')).rejects.toMatchObject({ status: 404 });
  });
});
