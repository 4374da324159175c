// The events of an instrument of the ceasefire. Stream and key: instrument-<code>.
import type { Guarantor, Instant } from '../vocabulary.js';

/** An actor that a reading excludes, from an instant on (null: from the start). */
export type Exclusion = { readonly actor: string; readonly from: Instant | null };
export type Reading = { readonly code: string; readonly excluded: readonly Exclusion[] };

export type InstrumentRegistered = {
  readonly type: 'InstrumentRegistered';
  readonly data: {
    readonly instrument: string;
    readonly name: string;
    readonly from: Instant;
    readonly to: Instant | null;
    readonly regions: readonly string[];
    readonly signatories: readonly string[];
    readonly guarantors: readonly Guarantor[];
    readonly readings: readonly Reading[];
  };
};
export type InstrumentEvent = InstrumentRegistered;
