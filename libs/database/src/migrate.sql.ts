// The table `migrations`: which migrations a database has run, and who may run more.
import type { Sql } from 'postgres';
import type { Migration } from './migrations.js';

export type AppliedMigration = Omit<Migration, 'sql'>;

export type SchemaRights = { readonly mayMigrate: boolean; readonly mayRead: boolean };

export type ServerVersion = { readonly number: number; readonly version: string };

// Any number, as long as every release uses the same one.
const MIGRATION_LOCK = 7_150_001;

/** Waits until no other process migrates. Held until the transaction ends. */
export async function takeMigrationLock(session: Sql): Promise<void> {
  await session`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
}

export async function readServerVersion(sql: Sql): Promise<ServerVersion | null> {
  const [server] = await sql<ServerVersion[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version`;
  return server ?? null;
}

export async function readSchemaRights(sql: Sql): Promise<SchemaRights> {
  const [rights] = await sql<SchemaRights[]>`
    select
      case when t.oid is null then has_schema_privilege('public', 'create') else pg_has_role(t.relowner, 'usage') end
        as "mayMigrate",
      coalesce(has_table_privilege(t.oid, 'select'), false) as "mayRead"
    from (select) as one left join pg_class t on t.oid = to_regclass('public.migrations')`;
  return rights ?? { mayMigrate: false, mayRead: false };
}

export async function createMigrationsTable(session: Sql): Promise<void> {
  await session`
    create table if not exists migrations (
      number     integer     primary key,
      name       text        not null,
      digest     text        not null,
      applied_at timestamptz not null default now()
    )`;
}

/** Read by older releases, to decide whether they can work on this schema. */
export async function addAdditiveColumn(session: Sql): Promise<void> {
  await session`alter table migrations add column if not exists additive boolean not null default false`;
}

export async function readApplied(sql: Sql): Promise<readonly AppliedMigration[]> {
  // A schema that only older releases have migrated has no column `additive`.
  return sql<AppliedMigration[]>`
    select number, name, digest, coalesce((to_jsonb(m) ->> 'additive')::boolean, false) as additive
    from migrations m order by number`;
}

/** False if the migration is in the table already. */
export async function recordMigration(
  session: Sql,
  { number, name, digest, additive }: AppliedMigration,
): Promise<boolean> {
  const recorded = await session`
    insert into migrations (number, name, digest, additive) values (${number}, ${name}, ${digest}, ${additive})
    on conflict do nothing`;
  return recorded.count > 0;
}

/** A file may hold any number of statements, which a prepared statement may not. */
export async function runFile(session: Sql, text: string): Promise<void> {
  await session.unsafe(text);
}
