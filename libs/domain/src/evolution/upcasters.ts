// The upcasters: each converts the data of one schema version to the next. Every version that was ever written has one.

/** Pure. From the data of version n, as stored, to those of version n + 1. */
export type Upcaster = (data: unknown) => unknown;

/** By event type, then by the version that it starts from. */
export type Upcasters = Readonly<Partial<Record<string, Readonly<Partial<Record<number, Upcaster>>>>>>;

/**
 * To change an event's shape: raise its number in SCHEMA_VERSIONS, write the step here, and add a golden file of the
 * new version beside the old ones, for example
 * `ClaimMade: { 1: (data) => ({ ...(data as ClaimMadeV1), madeAt: null }) }` with the old shape kept beside it.
 */
export const UPCASTERS: Upcasters = {};
