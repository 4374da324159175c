// Tells whether two sets of rows are the same without looking at them side by side.
import { inTransaction, type Sql } from '#database';
import type { Projection, Session } from './projection.js';
import { enter, live, type Slot } from './slot.js';

export type TableDigest = { readonly table: string; readonly rows: number; readonly digest: string };

/** Of the rows that everybody reads. Equal rows, equal digests, whatever the order in which they were written. */
export function digest(projection: Projection, sql: Sql): Promise<readonly TableDigest[]> {
  return inTransaction(sql, (session) => digestWithin(projection, session, live(projection)));
}

/** Within a transaction, whose statements may take as long as they need from here on. */
export async function digestWithin(
  { tables }: Projection,
  session: Session,
  slot: Slot,
): Promise<readonly TableDigest[]> {
  await session`set local statement_timeout = 0`;
  await enter(session, slot);
  const digests: TableDigest[] = [];
  for (const table of tables) digests.push(await digestOf(table, session));
  return digests;
}

// The sum of the rows' MD5 sums, both halves: it needs no sorting and no memory. Rows are compared as PostgreSQL prints
// them; column by column in the table's own order.
async function digestOf(table: string, session: Session): Promise<TableDigest> {
  const [sums] = await session<{ rows: number; digest: string }[]>`
    select count(*) as rows, concat_ws('.', coalesce(sum(high), 0), coalesce(sum(low), 0)) as digest
    from (
      select ('x' || left(md5, 16))::bit(64)::bigint as high, ('x' || right(md5, 16))::bit(64)::bigint as low
      from (select md5(t::text) from ${session(table)} as t) as printed
    ) as halves`;
  return { table, rows: sums?.rows ?? 0, digest: sums?.digest ?? '' };
}
