// Rows of tables that cannot be rebuilt from the log, such as subscriptions.
import type { Sql } from '#database';

/** A table that is part of the backup. Tables that others refer to come first. */
export type BackupTable = {
  readonly table: string;
  /** Its rows make the system call out to others (webhooks): left out in a drill. */
  readonly callsOut: boolean;
};

export type TableRows = { readonly table: string; readonly lines: readonly string[] };

/** Ordered by their text, so that equal rows give equal lines. */
export async function readRows(session: Sql, table: string): Promise<TableRows> {
  const rows = await session<
    { line: string }[]
  >`select row_to_json(t)::text as line from ${session(table)} t order by t::text`;
  return { table, lines: rows.map(({ line }) => line) };
}

/** A column that is missing in the backup gets its default; a column that only the backup has is ignored. */
export async function writeRows(session: Sql, { table, lines }: TableRows): Promise<void> {
  const [first] = lines;
  if (first === undefined) return;
  const given = Object.keys(JSON.parse(first) as object);
  const known = await session<{ name: string; identity: string }[]>`
    select attname as name, attidentity as identity from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum`;
  const columns = known.filter(({ name }) => given.includes(name));
  const names = session(columns.map(({ name }) => name));
  await session`
    insert into ${session(table)} (${names}) overriding system value
    select ${names} from json_populate_recordset(null::${session(table)}, ${`[${lines.join(',')}]`}::text::json)`;
  for (const { name } of columns.filter(({ identity }) => identity !== '')) {
    await session`
      select setval(pg_get_serial_sequence(${table}, ${name}), (select max(${session(name)}) from ${session(table)}))`;
  }
}
