// Digests of tables: they show whether two sets of rows are equal without comparing them row by row.
import type { Sql } from '#database';
import type { Projection, Session } from '../projection.js';
import { useSlot } from '../slot/slot-store.js';
import type { Slot } from '../slot/slot.js';
import { removeStatementTimeout } from '../transaction-settings.sql.js';

export type TableDigest = { readonly table: string; readonly rows: number; readonly digest: string };

/** Equal rows have equal digests, in whatever order they were written. */
export async function digest({ tables }: Projection, sql: Sql): Promise<readonly TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of tables) digests.push(await digestOf(table, sql));
  return digests;
}

/** Within a transaction. From here on its statements may take as long as they need. */
export async function digestWithin(
  projection: Projection,
  session: Session,
  slot: Slot,
): Promise<readonly TableDigest[]> {
  await removeStatementTimeout(session);
  await useSlot(session, slot);
  // All rows are needed, so a sequential scan is the fastest way.
  await session`set local enable_seqscan = on`;
  return digest(projection, session);
}

// Types of which only values with the same text have the same hash. All others are hashed as text.
const HASHED_AS_THEY_ARE = ['bool', 'int2', 'int4', 'int8', 'uuid', 'text', '_text', 'date', 'timestamptz'];

// The sum of the rows' hashes needs no sorting and no memory; half of its time goes into reading the table. An MD5 of the
// row as text, which quotes all JSON once more, takes four times as long.
async function digestOf(table: string, sql: Sql): Promise<TableDigest> {
  const columns = await sql<{ name: string; type: string }[]>`
    select attname as name, typname as type from pg_attribute join pg_type on pg_type.oid = atttypid
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum`;
  const values = columns.map(({ name, type }) =>
    HASHED_AS_THEY_ARE.includes(type) ? sql`, ${sql(name)}` : sql`, ${sql(name)}::text`,
  );
  const [sums] = await sql<{ rows: number; digest: string }[]>`
    select count(*) as rows, coalesce(sum(hash_record_extended(row(0::int8${values}), 0)), 0)::text as digest
    from ${sql(table)}`;
  return { table, rows: sums?.rows ?? 0, digest: sums?.digest ?? '' };
}
