// Makes a projection's rows anew from the log, and tells whether they are the same.
import { inTransaction, type Sql } from '#database';
import type { EventLog, Position } from '#event-log';
import { claim } from './checkpoints.js';
import { BATCH_EVENTS } from './follower.js';
import { fold } from './fold.js';
import type { Projection } from './projection.js';

/**
 * Empties the projection's tables and folds the log from its first event up to its head. Readers see the rows grow
 * again meanwhile. A follower of the same projection is fenced off and stands still until it is started anew.
 * Returns the position reached.
 */
export async function rebuild(projection: Projection, parts: { log: EventLog; sql: Sql }): Promise<Position> {
  const { log, sql } = parts;
  const { epoch } = await claim(sql, projection.name);
  await empty(projection, sql);
  for (let position = 0; ;) {
    const batch = await log.read(position, BATCH_EVENTS);
    const last = batch.at(-1)?.position;
    if (last === undefined) return position;
    if (!(await fold(projection, sql, { position, epoch }, batch))) {
      throw new Error(`another process took ${projection.name} over while it was being rebuilt`);
    }
    position = last;
  }
}

async function empty(projection: Projection, sql: Sql): Promise<void> {
  await inTransaction(sql, async (session) => {
    await session`update checkpoints set position = 0 where projection = ${projection.name}`;
    // Not truncate: readers would have to wait, and the role has no right to it.
    for (const table of projection.tables) await session`delete from ${session(table)}`;
  });
}

export type TableDigest = { readonly table: string; readonly rows: number; readonly digest: string };

/** Equal rows, equal digests, whatever the order in which they were written. */
export async function digest(projection: Projection, sql: Sql): Promise<readonly TableDigest[]> {
  return Promise.all(projection.tables.map((table) => digestOf(table, sql)));
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
