import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ActorCommand } from '#domain';
import type { CommandResult } from '../command-result.js';
import { judgementWorld, requestOf, type JudgementWorld } from '../judgement.fixture.js';
import { ChangeActor, ChangeActorHandler } from './change-actor.handler.js';

const jaysh = {
  actor: 'jaysh_x',
  name: { en: 'Army X', ar: null },
  aliases: ['JX'],
  bound: true,
  guarantors: ['TR'],
} as const;
const affiliation = {
  affiliation: '01941b7e-8a00-7000-8000-0000000000c1',
  to: 'hts',
  from: '2017-01-27T22:00:00Z',
  until: null,
  disputedBy: ['TR'],
};

let world: JudgementWorld;
let handler: ChangeActorHandler;
beforeEach(async () => {
  world = await judgementWorld();
  handler = new ChangeActorHandler(world.log, world.registry, world.pseudonyms);
});

function change(command: ActorCommand, code = 'jaysh_x', handle = 'operator-1'): Promise<CommandResult> {
  return handler.execute(new ChangeActor(code, command, requestOf({ handle })));
}

describe('ChangeActor', () => {
  it('registers an actor, which the registry then has by code and alias', async () => {
    expect(await change({ type: 'RegisterActor', actor: jaysh })).toMatchObject({ version: 1, isNew: true });
    const register = await world.registry.refresh();
    expect(register.actors.get('jaysh_x')).toEqual({ code: 'jaysh_x', bound: true, guarantors: ['TR'] });
    expect(register.actorDetails.get('jaysh_x')).toMatchObject({ aliases: ['JX'], affiliations: [], version: 1 });
  });

  it('changes nothing for a second registration with the same content, and refuses other content', async () => {
    const first = await change({ type: 'RegisterActor', actor: jaysh });
    const again = await change({ type: 'RegisterActor', actor: jaysh }, 'jaysh_x', 'operator-2');
    expect(again).toEqual({ ...first, isNew: false, isUnchanged: true });
    const other = change({ type: 'RegisterActor', actor: { ...jaysh, bound: false } });
    await expect(other).rejects.toMatchObject({ name: 'Refusal', code: 'id-reused' });
    expect(await world.typesOf('actor-jaysh_x')).toEqual(['ActorRegistered']);
  });

  it('adds aliases to an actor of the profile', async () => {
    await change({ type: 'AddAliases', aliases: ['Islamic State (Syria)'] }, 'isis');
    const register = await world.registry.refresh();
    expect(register.actorDetails.get('isis')?.aliases).toContain('Islamic State (Syria)');
  });

  it('records an affiliation between registered actors', async () => {
    await change({ type: 'RegisterActor', actor: jaysh });
    await change({ type: 'RecordAffiliation', affiliation });
    const { affiliations } = (await world.registry.refresh()).actorDetails.get('jaysh_x') ?? {};
    const { affiliation: id, ...recorded } = affiliation;
    expect(affiliations).toEqual([{ id, ...recorded }]);
  });

  it.each([
    ['an unknown group', { ...affiliation, to: 'nobody' }, '/to'],
    ['an unknown disputant', { ...affiliation, disputedBy: ['TR', 'nobody'] }, '/disputedBy/1'],
  ])('refuses an affiliation with %s', async (_, named, pointer) => {
    const recording = change({ type: 'RecordAffiliation', affiliation: named }, 'jfs');
    await expect(recording).rejects.toMatchObject({ name: 'UnknownName', pointer });
  });

  it('knows no actor that nobody registered', async () => {
    await expect(change({ type: 'AddAliases', aliases: ['x'] })).rejects.toMatchObject({ code: 'no-such-actor' });
    await expect(change({ type: 'RecordAffiliation', affiliation })).rejects.toMatchObject({ status: 404 });
  });

  it('stores both of two concurrent changes', async () => {
    await change({ type: 'RegisterActor', actor: jaysh });
    const concurrent = ['A', 'B'].map((alias) => change({ type: 'AddAliases', aliases: [alias] }));
    await Promise.all(concurrent);
    expect(await world.typesOf('actor-jaysh_x')).toEqual(['ActorRegistered', 'AliasAdded', 'AliasAdded']);
  });
});
