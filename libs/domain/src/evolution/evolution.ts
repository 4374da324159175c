// Converts stored events to domain events: older schema versions are upcast, newer ones are refused.
import { SCHEMA_VERSIONS, type DomainEvent } from '../event.js';
import { UPCASTERS, type Upcaster, type Upcasters } from './upcasters.js';

/** An event as stored, perhaps by an older or a newer version of the program. */
export type WrittenEvent = { readonly type: string; readonly schemaVersion: number; readonly data: unknown };

/** The known event types with their current versions, and the upcasters of older versions. */
export type Evolution = { readonly versions: Readonly<Record<string, number>>; readonly upcasters: Upcasters };

const CURRENT: Evolution = { versions: SCHEMA_VERSIONS, upcasters: UPCASTERS };

/** The event was written by a newer program. Its key cannot be folded from here on; other keys can. */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
  constructor(
    readonly type: string,
    readonly schemaVersion: number,
  ) {
    super(`event type ${type} version ${schemaVersion} is unknown: update this program first`);
  }
}

/**
 * The event in its current schema version. Throws UnknownEvent, so that no event is folded that the program does not
 * understand. An event of the current version, which nearly all are, is returned unchanged.
 */
export function toDomainEvent(written: WrittenEvent): DomainEvent {
  return upcast(written, CURRENT) as DomainEvent;
}

/** `toDomainEvent` for any evolution: tests pass one with several versions. */
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
  // A gap in this program, not in the log: the golden corpus finds it before a release.
  if (step === undefined) throw new Error(`${type} has no upcaster from version ${version} to ${version + 1}`);
  return step;
}
