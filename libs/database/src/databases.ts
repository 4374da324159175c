// One pool per database role, so that PostgreSQL enforces what each part of the system may touch.
import type { Sql } from 'postgres';
import { closePool, openPool } from './pool.js';

export type { Sql };

/**
 * What the connections of a process may do with the log:
 * `intake`: append to it, read it, and read confidential fields;
 * `append`: append to it and read it;
 * `read`: read it.
 */
export type LogAccess = 'intake' | 'append' | 'read';

const LOG_ROLES: Readonly<Record<LogAccess, string>> = {
  intake: 'barada_intake',
  append: 'barada_append',
  read: 'barada_analysis',
};

/**
 * `intake`: the rights of `access`.
 * `analysis`: may read the log and write read models; it cannot read confidential fields.
 * Neither may update, delete or truncate events.
 */
export abstract class Databases {
  abstract readonly access: LogAccess;
  abstract readonly intake: Sql;
  abstract readonly analysis: Sql;
  abstract close(): Promise<void>;
}

export type DatabaseOptions = {
  /** Shown in pg_stat_activity, followed by the role. */
  readonly applicationName?: string;
  /** Maximum number of connections per role. */
  readonly connections?: number;
  readonly statementTimeoutMs?: number;
  /** Default: `intake`. */
  readonly access?: LogAccess;
};

const CONNECTIONS = 8;

/** Connects on the first statement. The database must have been migrated. */
export function openDatabases(url: string, options: DatabaseOptions = {}): Databases {
  return new PooledDatabases(url, options);
}

class PooledDatabases extends Databases {
  override readonly access: LogAccess;
  override readonly intake: Sql;
  override readonly analysis: Sql;

  constructor(url: string, options: DatabaseOptions) {
    super();
    const pool = (role: string): Sql =>
      openPool(url, {
        role,
        applicationName: `${options.applicationName ?? 'barada'} ${role}`,
        connections: options.connections ?? CONNECTIONS,
        ...(options.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: options.statementTimeoutMs }),
      });
    this.access = options.access ?? 'intake';
    this.intake = pool(LOG_ROLES[this.access]);
    this.analysis = pool('barada_analysis');
  }

  override async close(): Promise<void> {
    await Promise.all([closePool(this.intake), closePool(this.analysis)]);
  }
}
