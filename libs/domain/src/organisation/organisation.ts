// One stream per reporting organisation: its alignment, so that two sources of one side count as one (rules.md, rule 12).
import { Refusal, type Decider } from '../decider.js';
import type { OrganisationEvent } from './organisation-events.js';

export type OrganisationCommand = {
  readonly type: 'RegisterOrganisation';
  readonly organisation: string;
  readonly alignment: string;
};

export type Organisation =
  { readonly status: 'unknown' } | { readonly status: 'registered'; readonly alignment: string };

export const organisation: Decider<OrganisationCommand, Organisation, OrganisationEvent> = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
};

function decide(
  { organisation: pseudonym, alignment }: OrganisationCommand,
  state: Organisation,
): readonly OrganisationEvent[] {
  if (state.status === 'unknown') {
    return [{ type: 'OrganisationRegistered', data: { organisation: pseudonym, alignment } }];
  }
  if (state.alignment === alignment) return [];
  throw new Refusal(
    'id-reused',
    `This organisation is already registered with the alignment ${state.alignment}: an alignment cannot be changed.`,
  );
}

function evolve(_: Organisation, event: OrganisationEvent): Organisation {
  return { status: 'registered', alignment: event.data.alignment };
}
