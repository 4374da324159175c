// The pools: one a database role, so that what a part of the system may touch is PostgreSQL's business.
import type { Sql } from 'postgres';

export type { Sql };

/**
 * `intake`: may append to the log, read it, and read the confidential parts.
 * `analysis`: may read the log and write read models; it cannot see the confidential parts.
 * Neither may update, delete or truncate events.
 */
export abstract class Databases {
  abstract readonly intake: Sql;
  abstract readonly analysis: Sql;
  abstract close(): Promise<void>;
}
