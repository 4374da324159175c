// The register entries that a status history depends on: it is valid while these stay the same.
import { createHash } from 'node:crypto';
import type { Framework } from '#domain';
import type { Angle } from './chapters.js';

/** The names looked up, with their values; null: not registered. */
export type RestsOn = {
  readonly actors: Readonly<Record<string, unknown>>;
  readonly organisations: Readonly<Record<string, unknown>>;
};

export const NOTHING_YET: RestsOn = { actors: {}, organisations: {} };

/** Increased when the assessment changes, so that no history outlives the code that computed it. */
const ASSESSMENT = 1;

/** One per lens, modalities, map and instruments: what all histories under them have in common. */
export function keyOf({ lens, modalities }: Angle, { regions, instruments }: Framework): string {
  const of = [
    ASSESSMENT,
    fingerprint(lens),
    fingerprint(modalities),
    fingerprint(regions.all),
    fingerprint(instruments),
  ];
  return of.join(' ');
}

export function holds({ actors, organisations }: RestsOn, framework: Framework): boolean {
  return isAsBefore(actors, framework.actors) && isAsBefore(organisations, framework.alignments);
}

/** The same framework, which records in `restsOn` what is looked up in it. */
export function noting(framework: Framework): { readonly framework: Framework; readonly restsOn: RestsOn } {
  const restsOn = { actors: {}, organisations: {} };
  return {
    framework: {
      ...framework,
      actors: new Noting(framework.actors, restsOn.actors),
      alignments: new Noting(framework.alignments, restsOn.organisations),
    },
    restsOn,
  };
}

export function both(one: RestsOn, other: RestsOn): RestsOn {
  return {
    actors: { ...one.actors, ...other.actors },
    organisations: { ...one.organisations, ...other.organisations },
  };
}

class Noting<Value> extends Map<string, Value> {
  constructor(
    all: ReadonlyMap<string, Value>,
    private readonly notes: Record<string, unknown>,
  ) {
    super(all);
  }

  override get(name: string): Value | undefined {
    const found = super.get(name);
    this.notes[name] ??= found ?? null;
    return found;
  }
}

function isAsBefore(noted: Readonly<Record<string, unknown>>, now: ReadonlyMap<string, unknown>): boolean {
  return Object.entries(noted).every(([name, then]) => JSON.stringify(now.get(name) ?? null) === JSON.stringify(then));
}

// Registers are folded into new objects when they change, and every read asks for this.
const fingerprints = new WeakMap<object, string>();

function fingerprint(part: object): string {
  const known = fingerprints.get(part);
  if (known !== undefined) return known;
  const made = createHash('sha256').update(JSON.stringify(part)).digest('base64url');
  fingerprints.set(part, made);
  return made;
}
