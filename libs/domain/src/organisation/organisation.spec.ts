import { describe, expect, it } from '@jest/globals';
import { given } from '../given.fixture.js';
import { organisation } from './organisation.js';

const registered = {
  type: 'OrganisationRegistered',
  data: { organisation: 'o1', alignment: 'opposition' },
} as const;

describe('an organisation', () => {
  it('is registered with its alignment', () => {
    const register = { type: 'RegisterOrganisation', organisation: 'o1', alignment: 'opposition' } as const;
    expect(given(organisation).when(register)).toEqual([registered]);
    expect(given(organisation, registered).when(register)).toEqual([]);
  });

  it('cannot change its alignment', () => {
    const turn = { type: 'RegisterOrganisation', organisation: 'o1', alignment: 'government' } as const;
    expect(() => given(organisation, registered).when(turn)).toThrow('an alignment cannot be changed');
  });
});
