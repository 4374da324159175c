// Statements that read stored events.
import type { Sql } from '#database';
import type { EventType, Instant } from '#domain';
import type { Position, StoredEvent } from './event-log.js';

type Fragment = ReturnType<Sql>;

// The types of the partial index events_of_reference_data: PostgreSQL uses it only if the statement lists them literally.
const REFERENCE_EVENT_TYPES: readonly EventType[] = [
  'RegionDefined',
  'BoundaryRevised',
  'ActorRegistered',
  'OrganisationRegistered',
  'InstrumentRegistered',
  'LensDefined',
  'ModalitiesAdopted',
  'AliasAdded',
  'AffiliationRecorded',
  'EpisodeOpened',
  'EpisodeClosed',
  'RedLineDeclared',
  'RedLineWithdrawn',
];
const IS_REFERENCE_DATA = `type in (${REFERENCE_EVENT_TYPES.map((type) => `'${type}'`).join(', ')})`;

function columns(sql: Sql): Fragment {
  return sql`
    position, stream, version, key, type, schema_version as "schemaVersion", data, meta, recorded_at as "recordedAt",
    command_end as "commandEnd"`;
}

export function readAfter(sql: Sql, after: Position, limit: number): Promise<readonly StoredEvent[]> {
  return sql<StoredEvent[]>`
    select ${columns(sql)} from events where position > ${after} order by position limit ${limit}`;
}

export function readStreamAfter(sql: Sql, stream: string, afterVersion: number): Promise<readonly StoredEvent[]> {
  return sql<StoredEvent[]>`
    select ${columns(sql)} from events where stream = ${stream} and version > ${afterVersion} order by version`;
}

export function readAt(sql: Sql, positions: readonly Position[]): Promise<readonly StoredEvent[]> {
  return sql<StoredEvent[]>`
    select ${columns(sql)} from events where position = any(${positions}::bigint[]) order by position`;
}

export function readTypesWithin(
  sql: Sql,
  types: readonly EventType[],
  after: Position,
  until: Position,
): Promise<readonly StoredEvent[]> {
  const onlyReferenceData = types.every((type) => REFERENCE_EVENT_TYPES.includes(type));
  return sql<StoredEvent[]>`
    select ${columns(sql)} from events
    where position > ${after} and position <= ${until} and type = any(${types}::text[])
    ${onlyReferenceData ? sql.unsafe(`and ${IS_REFERENCE_DATA}`) : sql``}
    order by position`;
}

export async function readHead(
  sql: Sql,
): Promise<{ readonly position: Position; readonly recordedAt: Instant | null }> {
  const [head] = await sql<{ position: Position; recordedAt: Instant | null }[]>`
    select position, nullif(recorded_at, '-infinity') as "recordedAt" from log_head`;
  return head ?? { position: 0, recordedAt: null };
}

export async function readPositionAt(sql: Sql, instant: Instant): Promise<Position> {
  const [found] = await sql<{ position: Position }[]>`select position_at(${instant}) as position`;
  return found?.position ?? 0;
}
