// The events of an actor. Stream and key: actor-<code>.
import type { Guarantor, Name } from '../vocabulary.js';

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
export type ActorEvent = ActorRegistered;
