import { describe, expect, it } from '@jest/globals';
import { given } from '../given.fixture.js';
import type { ActorEvent, ActorRegistered, AffiliationRecorded } from './actor-events.js';
import { actor } from './actor.js';

const registered: ActorRegistered = {
  type: 'ActorRegistered',
  data: { actor: 'jaysh_x', name: { en: 'Army X', ar: 'جيش' }, aliases: ['JX'], bound: true, guarantors: ['TR'] },
};
const aliasAdded: ActorEvent = { type: 'AliasAdded', data: { actor: 'jaysh_x', alias: 'Jaysh X' } };
const affiliation = {
  affiliation: 'a1',
  to: 'hts',
  from: '2017-01-27T22:00:00Z',
  until: null,
  disputedBy: ['jaysh_x', 'TR'],
};
const affiliated: AffiliationRecorded = {
  type: 'AffiliationRecorded',
  data: { actor: 'jaysh_x', ...affiliation },
};
const register = (more: Partial<ActorRegistered['data']> = {}) =>
  ({ type: 'RegisterActor', actor: { ...registered.data, ...more } }) as const;

describe('an actor', () => {
  it('is registered once, each alias and guarantor once', () => {
    const twice = register({ aliases: ['JX', 'JX'], guarantors: ['TR', 'TR'] });
    expect(given(actor).when(twice)).toEqual([registered]);
    expect(given(actor, registered).when(register())).toEqual([]);
  });

  it('keeps what it was registered with', () => {
    expect(() => given(actor, registered).when(register({ bound: false }))).toThrow('another code');
    expect(() => given(actor, registered).when(register({ aliases: ['JX', 'new'] }))).toThrow('another code');
    expect(() => given(actor, registered).when(register({ name: { en: 'Army Y', ar: null } }))).toThrow('another code');
  });

  it('is the same registration with or without the aliases that it has got since', () => {
    expect(given(actor, registered, aliasAdded).when(register())).toEqual([]);
    expect(given(actor, registered, aliasAdded).when(register({ aliases: ['Jaysh X', 'JX'] }))).toEqual([]);
  });

  it('gets each new alias once', () => {
    const command = { type: 'AddAliases', aliases: ['JX', 'Jaysh X', 'Jaysh X'] } as const;
    expect(given(actor, registered).when(command)).toEqual([aliasAdded]);
    expect(given(actor, registered, aliasAdded).when(command)).toEqual([]);
  });

  it('records an affiliation once, in whatever order it is disputed', () => {
    const record = { type: 'RecordAffiliation', affiliation } as const;
    expect(given(actor, registered).when(record)).toEqual([affiliated]);
    const reordered = { ...affiliation, disputedBy: ['TR', 'jaysh_x'] };
    expect(given(actor, registered, affiliated).when({ ...record, affiliation: reordered })).toEqual([]);
    const other = { ...affiliation, until: '2018-01-27T22:00:00Z' };
    expect(() => given(actor, registered, affiliated).when({ ...record, affiliation: other })).toThrow('new id');
  });

  it('is not affiliated to itself', () => {
    const affiliationToItself = { ...affiliation, to: 'jaysh_x' };
    const command = { type: 'RecordAffiliation', affiliation: affiliationToItself } as const;
    expect(() => given(actor, registered).when(command)).toThrow('itself');
  });
});
