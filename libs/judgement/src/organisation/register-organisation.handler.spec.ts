import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandResult } from '../command-result.js';
import { judgementWorld, requestOf, type JudgementWorld } from '../judgement.fixture.js';
import type { OrganisationBody } from './organisation.schema.js';
import { RegisterOrganisation, RegisterOrganisationHandler } from './register-organisation.handler.js';

const SNHR: OrganisationBody = { code: 'snhr', name: 'Syrian Network for Human Rights', alignment: 'opposition' };

let world: JudgementWorld;
let handler: RegisterOrganisationHandler;
beforeEach(async () => {
  world = await judgementWorld();
  handler = new RegisterOrganisationHandler(world.log, world.pseudonyms);
});

function register(more: Partial<OrganisationBody> = {}, handle = 'operator-1'): Promise<CommandResult> {
  return handler.execute(new RegisterOrganisation({ ...SNHR, ...more }, requestOf({ handle })));
}

describe('RegisterOrganisation', () => {
  it('records the alignment under a pseudonym, with code and name apart from the event', async () => {
    const { position } = await register();
    const pseudonym = world.pseudonyms.organisation('snhr');
    const stored = await world.lastOf(`organisation-${pseudonym}`);
    expect(stored).toMatchObject({ data: { organisation: pseudonym, alignment: 'opposition' } });
    expect(JSON.stringify(stored)).not.toMatch(/snhr|Network/);
    const confidential = (await world.log.confidential.read([position])).get(position);
    expect(confidential).toEqual({ organisation: 'snhr', name: SNHR.name });
    expect((await world.registry.refresh()).alignments.get(pseudonym)).toBe('opposition');
  });

  it('answers a repeat as the first time, by whichever operator', async () => {
    const first = await register();
    expect(await register({}, 'operator-2')).toEqual({ ...first, isNew: false });
  });

  it('refuses another alignment and another name', async () => {
    await register();
    await expect(register({ alignment: 'government' })).rejects.toMatchObject({ code: 'id-reused' });
    await expect(register({ name: 'Another' })).rejects.toMatchObject({ code: 'id-reused' });
  });
});
