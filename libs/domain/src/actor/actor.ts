// One stream per actor: its registration, its aliases, and the groups that it has belonged to.
import { Refusal, type Decider } from '../decider.js';
import type { ActorEvent, ActorRegistered, AffiliationRecorded } from './actor-events.js';

type Affiliation = Omit<AffiliationRecorded['data'], 'actor'>;

export type ActorCommand =
  | { readonly type: 'RegisterActor'; readonly actor: ActorRegistered['data'] }
  | { readonly type: 'AddAliases'; readonly aliases: readonly string[] }
  | { readonly type: 'RecordAffiliation'; readonly affiliation: Affiliation };

export type ActorState =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'registered';
      readonly registered: ActorRegistered['data'];
      readonly aliases: readonly string[];
      readonly affiliations: readonly Affiliation[];
    };

type RegisteredState = Exclude<ActorState, { readonly status: 'unknown' }>;

export const actor: Decider<ActorCommand, ActorState, ActorEvent> = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
};

function decide(command: ActorCommand, state: ActorState): readonly ActorEvent[] {
  if (command.type === 'RegisterActor') return register(command.actor, state);
  const registered = mustBeRegistered(state);
  switch (command.type) {
    case 'AddAliases': {
      const missing = [...new Set(command.aliases)].filter((alias) => !registered.aliases.includes(alias));
      return missing.map((alias) => ({ type: 'AliasAdded', data: { actor: registered.registered.actor, alias } }));
    }
    case 'RecordAffiliation':
      return recordAffiliation(command.affiliation, registered);
  }
}

function register(actor: ActorRegistered['data'], state: ActorState): readonly ActorEvent[] {
  if (state.status === 'unknown') return [{ type: 'ActorRegistered', data: withoutRepeats(actor) }];
  if (isSameRegistration(actor, state)) return [];
  throw new Refusal(
    'id-reused',
    `The actor ${actor.actor} is registered already, with other content: use another code, or add aliases to it.`,
  );
}

function recordAffiliation(affiliation: Affiliation, state: RegisteredState): readonly ActorEvent[] {
  const { actor: code } = state.registered;
  if (affiliation.to === code) {
    throw new Refusal('affiliated-to-itself', `The actor ${code} cannot be affiliated to itself.`);
  }
  const known = state.affiliations.find((each) => each.affiliation === affiliation.affiliation);
  if (!known) return [{ type: 'AffiliationRecorded', data: { actor: code, ...affiliation } }];
  if (isSameAffiliation(known, affiliation)) return [];
  throw new Refusal('id-reused', 'This affiliation id is taken, with other content: use a new id.');
}

function evolve(state: ActorState, event: ActorEvent): ActorState {
  switch (event.type) {
    case 'ActorRegistered':
      return { status: 'registered', registered: event.data, aliases: event.data.aliases, affiliations: [] };
    case 'AliasAdded': {
      const registered = mustBeRegistered(state);
      return { ...registered, aliases: [...registered.aliases, event.data.alias] };
    }
    case 'AffiliationRecorded': {
      const { affiliation, to, from, until, disputedBy } = event.data;
      const registered = mustBeRegistered(state);
      const affiliations = [...registered.affiliations, { affiliation, to, from, until, disputedBy }];
      return { ...registered, affiliations };
    }
  }
}

function mustBeRegistered(state: ActorState): RegisteredState {
  if (state.status === 'registered') return state;
  throw new Error('an actor begins with ActorRegistered');
}

function withoutRepeats(actor: ActorRegistered['data']): ActorRegistered['data'] {
  return { ...actor, aliases: [...new Set(actor.aliases)], guarantors: [...new Set(actor.guarantors)] };
}

/** Aliases that the actor has got since may be sent along or left out. */
function isSameRegistration(actor: ActorRegistered['data'], { registered, aliases }: RegisteredState): boolean {
  return (
    actor.name.en === registered.name.en &&
    actor.name.ar === registered.name.ar &&
    actor.bound === registered.bound &&
    isSameSet(actor.guarantors, registered.guarantors) &&
    registered.aliases.every((alias) => actor.aliases.includes(alias)) &&
    actor.aliases.every((alias) => aliases.includes(alias))
  );
}

function isSameAffiliation(one: Affiliation, other: Affiliation): boolean {
  return (
    one.to === other.to &&
    one.from === other.from &&
    one.until === other.until &&
    isSameSet(one.disputedBy, other.disputedBy)
  );
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.every((each) => other.includes(each)) && other.every((each) => one.includes(each));
}
