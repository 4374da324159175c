// The events of an actor. Stream and key: actor-<code>.
import type { Guarantor, Instant, Name } from '../vocabulary.js';

export type ActorRegistered = {
  readonly type: 'ActorRegistered';
  readonly data: {
    readonly actor: string;
    readonly name: Name;
    readonly aliases: readonly string[];
    /** Bound by signature or as a force of a signatory. An instrument's reading decides who is excluded. */
    readonly bound: boolean;
    readonly guarantors: readonly Guarantor[];
  };
};

/** Another name under which reports and data sets mention the actor. */
export type AliasAdded = {
  readonly type: 'AliasAdded';
  readonly data: { readonly actor: string; readonly alias: string };
};

/** The actor belonged to another one for a time, perhaps disputed (rules.md, rule 26). */
export type AffiliationRecorded = {
  readonly type: 'AffiliationRecorded';
  readonly data: {
    readonly actor: string;
    readonly affiliation: string;
    readonly to: string;
    readonly from: Instant;
    /** The first instant outside; null: it lasts. */
    readonly until: Instant | null;
    /** Actors, or guarantors by their code. */
    readonly disputedBy: readonly string[];
  };
};

export type ActorEvent = ActorRegistered | AliasAdded | AffiliationRecorded;
