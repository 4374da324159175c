// The login users of the processes of a distributed installation. Each may assume only the roles that its process needs.
import type { Sql } from 'postgres';
import { closePool, openPool } from './pool.js';
import { inTransaction } from './transaction.js';

export const PROCESSES = ['api', 'relay', 'projector', 'alerter'] as const;
export type ProcessName = (typeof PROCESSES)[number];

const ROLES: Readonly<Record<ProcessName, readonly string[]>> = {
  // The only process that reads confidential fields.
  api: ['barada_intake', 'barada_analysis'],
  relay: ['barada_analysis'],
  projector: ['barada_append', 'barada_analysis'],
  alerter: ['barada_analysis'],
};
const ALL_ROLES = ['barada_intake', 'barada_append', 'barada_analysis'];
// Creating the same role in two sessions at once fails, so one waits for the other.
const USERS_LOCK = 7_150_004;

export function userOf(process: ProcessName): string {
  return `barada_${process}`;
}

/**
 * Creates the users, or gives existing ones these passwords and exactly the roles of their process. `url` is the owner's,
 * who must be allowed to create roles, and the database must have been migrated.
 */
export async function createProcessUsers(url: string, passwords: Readonly<Record<ProcessName, string>>): Promise<void> {
  const pool = openPool(url, { applicationName: 'barada migrate', connections: 1 });
  try {
    await inTransaction(pool, async (sql) => {
      await sql`select pg_advisory_xact_lock(${USERS_LOCK})`;
      for (const process of PROCESSES) await createUser(sql, process, passwords[process]);
    });
  } finally {
    await closePool(pool);
  }
}

async function createUser(sql: Sql, process: ProcessName, password: string): Promise<void> {
  const user = userOf(process);
  const existing = await sql`select from pg_roles where rolname = ${user}`;
  if (existing.length === 0) await sql.unsafe(`create role ${user}`);
  // A password cannot be a parameter of a utility statement. `format` quotes it.
  const [alter] = await sql<{ statement: string }[]>`
    select format('alter role %I login nosuperuser nocreatedb nocreaterole password %L', ${user}::text, ${password}::text)
      as statement`;
  await sql.unsafe(alter?.statement ?? '');
  for (const role of ALL_ROLES) {
    const statement = ROLES[process].includes(role) ? `grant ${role} to ${user}` : `revoke ${role} from ${user}`;
    await sql.unsafe(statement);
  }
}
