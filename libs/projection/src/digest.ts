// Tells whether two sets of rows are the same without looking at them side by side.
import type { Sql } from '#database';
import type { Projection, Session } from './projection.js';
import { enter, type Slot } from './slot.js';

export type TableDigest = { readonly table: string; readonly rows: number; readonly digest: string };

/** Equal rows, equal digests, whatever the order in which they were written. */
export async function digest({ tables }: Projection, sql: Sql): Promise<readonly TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of tables) digests.push(await digestOf(table, sql));
  return digests;
}

/** Within a transaction, whose statements may take as long as they need from here on. */
export async function digestWithin(
  projection: Projection,
  session: Session,
  slot: Slot,
): Promise<readonly TableDigest[]> {
  await session`set local statement_timeout = 0`;
  await enter(session, slot);
  return digest(projection, session);
}

// The sum of the rows' MD5 sums, both halves: it needs no sorting and no memory. Rows are compared as PostgreSQL prints
// them; column by column in the table's own order.
async function digestOf(table: string, sql: Sql): Promise<TableDigest> {
  const [sums] = await sql<{ rows: number; digest: string }[]>`
    select count(*) as rows, concat_ws('.', coalesce(sum(high), 0), coalesce(sum(low), 0)) as digest
    from (
      select ('x' || left(md5, 16))::bit(64)::bigint as high, ('x' || right(md5, 16))::bit(64)::bigint as low
      from (select md5(t::text) from ${sql(table)} as t) as printed
    ) as halves`;
  return { table, rows: sums?.rows ?? 0, digest: sums?.digest ?? '' };
}
