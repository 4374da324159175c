// The only door from what the log holds to today's events: old versions are brought up, what is newer is refused.
import { SCHEMA_VERSIONS, type DomainEvent } from '../event.js';
import { UPCASTERS, type Upcaster, type Upcasters } from './upcasters.js';

/** An event as it was written: perhaps by an older program, or by a newer one. */
export type WrittenEvent = { readonly type: string; readonly schemaVersion: number; readonly data: unknown };

/** What may be in a log, and how it is brought up to date. */
export type Evolution = { readonly versions: Readonly<Record<string, number>>; readonly upcasters: Upcasters };

const TODAY: Evolution = { versions: SCHEMA_VERSIONS, upcasters: UPCASTERS };

/** A newer program wrote this. What belongs to its key cannot be folded from here on; other keys can. */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
  constructor(
    readonly type: string,
    readonly schemaVersion: number,
  ) {
    super(`event type ${type} version ${schemaVersion} is unknown here: update this program first`);
  }
}

/**
 * The event as today's program knows it. Throws UnknownEvent, before anybody folds a fact that they do not understand.
 * What was written by this very version, which is nearly everything, is handed on untouched.
 */
export function toDomainEvent(written: WrittenEvent): DomainEvent {
  return upcast(written, TODAY) as DomainEvent;
}

/** `toDomainEvent` for any evolution: tests hand in one that has a past. */
export function upcast(written: WrittenEvent, { versions, upcasters }: Evolution): WrittenEvent {
  const { type, schemaVersion } = written;
  const newest = Object.hasOwn(versions, type) ? versions[type] : undefined;
  if (newest === undefined || schemaVersion > newest || !(schemaVersion >= 1)) {
    throw new UnknownEvent(type, schemaVersion);
  }
  if (schemaVersion === newest) return written;
  let { data } = written;
  for (let version = schemaVersion; version < newest; version += 1) data = stepFrom(type, version, upcasters)(data);
  return { ...written, schemaVersion: newest, data };
}

function stepFrom(type: string, version: number, upcasters: Upcasters): Upcaster {
  const step = upcasters[type]?.[version];
  // A gap in our own program, not in the log: the golden corpus finds it before anybody ships it.
  if (step === undefined) throw new Error(`nothing brings ${type} from version ${version} to ${version + 1}`);
  return step;
}
