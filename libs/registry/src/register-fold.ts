// The registers as a pure fold of their events.
import {
  toDomainEvent,
  type Actor,
  type Boundary,
  type DomainEvent,
  type EventType,
  type Instant,
  type Instrument,
  type InstrumentRegistered,
  type Lens,
  type LensDefined,
  type Modalities,
  type RegionDefined,
  type Seconds,
} from '#domain';
import type { StoredEvent } from '#event-log';
import type { ActorDetails, RegionDetails } from './registry.js';
import { shapeOf, type Shape } from './shape.js';

export const REGISTER_EVENT_TYPES = [
  'ActorRegistered',
  'AffiliationRecorded',
  'AliasAdded',
  'BoundaryRevised',
  'InstrumentRegistered',
  'LensDefined',
  'ModalitiesAdopted',
  'OrganisationRegistered',
  'RegionDefined',
] as const satisfies readonly EventType[];
export type RegisterEvent = Extract<DomainEvent, { type: (typeof REGISTER_EVENT_TYPES)[number] }>;

export type RegionEntry = RegionDetails & { readonly definition: RegionDefined['data']; readonly shape: Shape | null };

export type RegisterState = {
  readonly regions: ReadonlyMap<string, RegionEntry>;
  readonly actors: ReadonlyMap<string, Actor>;
  readonly actorDetails: ReadonlyMap<string, ActorDetails>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly lenses: ReadonlyMap<string, Lens>;
  readonly modalities: ReadonlyMap<string, Modalities>;
  readonly alignments: ReadonlyMap<string, string>;
};

export const EMPTY_REGISTER: RegisterState = {
  regions: new Map(),
  actors: new Map(),
  actorDetails: new Map(),
  instruments: new Map(),
  lenses: new Map(),
  modalities: new Map(),
  alignments: new Map(),
};

type Draft = { readonly [Name in keyof RegisterState]: Map<string, MapValue<RegisterState[Name]>> };
type MapValue<AnyMap> = AnyMap extends ReadonlyMap<string, infer Value> ? Value : never;

/** Folds a batch: each register is copied once a batch. */
export function foldRegister(state: RegisterState, events: readonly RegisterEvent[]): RegisterState {
  const draft: Draft = {
    regions: new Map(state.regions),
    actors: new Map(state.actors),
    actorDetails: new Map(state.actorDetails),
    instruments: new Map(state.instruments),
    lenses: new Map(state.lenses),
    modalities: new Map(state.modalities),
    alignments: new Map(state.alignments),
  };
  for (const event of events) apply(draft, event);
  return draft;
}

/** Throws for an event type that this version does not have, or that belongs to no register. */
export function registerEvent(stored: StoredEvent): RegisterEvent {
  const event = toDomainEvent(stored);
  if (isRegisterEvent(event)) return event;
  throw new Error(`${event.type} is not an event of a register`);
}

function isRegisterEvent(event: DomainEvent): event is RegisterEvent {
  return REGISTER_EVENT_TYPES.some((type) => type === event.type);
}

function apply(draft: Draft, { type, data }: RegisterEvent): void {
  switch (type) {
    case 'RegionDefined':
      draft.regions.set(data.region, entry(data, data.boundary, 1));
      return;
    case 'BoundaryRevised':
      draft.regions.set(data.region, revised(draft.regions.get(data.region), data.boundary));
      return;
    case 'ActorRegistered':
      draft.actors.set(data.actor, { code: data.actor, bound: data.bound, guarantors: data.guarantors });
      draft.actorDetails.set(data.actor, { name: data.name, aliases: data.aliases, affiliations: [], version: 1 });
      return;
    case 'AliasAdded': {
      const { aliases } = detailsOf(draft, data.actor);
      changeActor(draft, data.actor, { aliases: [...aliases, data.alias] });
      return;
    }
    case 'AffiliationRecorded': {
      const { actor, affiliation: id, to, from, until, disputedBy } = data;
      const { affiliations } = detailsOf(draft, actor);
      changeActor(draft, actor, { affiliations: [...affiliations, { id, to, from, until, disputedBy }] });
      return;
    }
    case 'InstrumentRegistered':
      draft.instruments.set(data.instrument, instrument(data));
      return;
    case 'LensDefined':
      draft.lenses.set(data.lens, lens(data));
      return;
    case 'ModalitiesAdopted': {
      const { version, from, rules } = data;
      draft.modalities.set(version, { version, from: seconds(from), rules });
      return;
    }
    case 'OrganisationRegistered':
      draft.alignments.set(data.organisation, data.alignment);
      return;
  }
}

function detailsOf({ actorDetails }: Draft, actor: string): ActorDetails {
  const details = actorDetails.get(actor);
  if (!details) throw new Error('an actor changed before it was registered');
  return details;
}

function changeActor(draft: Draft, actor: string, changes: Partial<ActorDetails>): void {
  const before = detailsOf(draft, actor);
  draft.actorDetails.set(actor, { ...before, ...changes, version: before.version + 1 });
}

function entry(definition: RegionDefined['data'], boundary: Boundary | null, version: number): RegionEntry {
  return { definition, from: definition.from, boundary, shape: boundary && shapeOf(boundary), version };
}

function revised(before: RegionEntry | undefined, boundary: Boundary): RegionEntry {
  if (!before) throw new Error('a boundary was revised before its region was defined');
  return entry(before.definition, boundary, before.version + 1);
}

function instrument({ instrument: code, from, to, regions, readings }: InstrumentRegistered['data']): Instrument {
  return { code, from: seconds(from), to: to === null ? null : seconds(to), regions, readings };
}

function lens({ lens: code, reading, exclusionClaims }: LensDefined['data']): Lens {
  return { code, reading, exclusionClaims };
}

function seconds(instant: Instant): Seconds {
  return Math.floor(Date.parse(instant) / 1000);
}
