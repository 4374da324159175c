// Compares a living read model with a fold from the log, which leaves nothing behind.
import { inTransaction, type Sql } from '#database';
import type { EventLog, Position } from '#event-log';
import { digest, type Projection, type TableDigest } from '#projection';
import type { Progress } from './read-backup.js';

export type ProjectionVerified = {
  readonly projection: string;
  /** Where it stood when it was compared. */
  readonly position: Position;
  readonly rows: number;
  readonly faults: readonly string[];
};

export type ProjectionParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projections' rows, and time for long statements. */
  readonly sql: Sql;
  readonly progress: Progress;
};

const BATCH_EVENTS = 1_000;

/** While the system runs: its rows are taken at one moment, and the log is folded up to where they stood then. */
export async function verifyProjection(projection: Projection, parts: ProjectionParts): Promise<ProjectionVerified> {
  const living = await livingDigests(projection, parts.sql);
  const { name } = projection;
  const rows = living.tables.reduce((sum, table) => sum + table.rows, 0);
  try {
    const folded = await foldedDigests(projection, living.position, parts);
    return { projection: name, position: living.position, rows, faults: differences(name, living.tables, folded) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { projection: name, position: living.position, rows, faults: [`${name} cannot be folded: ${why}`] };
  }
}

type Living = { readonly position: Position; readonly tables: readonly TableDigest[] };

function livingDigests(projection: Projection, sql: Sql): Promise<Living> {
  return inTransaction(sql, async (session) => {
    await session`set transaction isolation level repeatable read, read only`;
    const [checkpoint] = await session<{ position: Position }[]>`
      select position from checkpoints where projection = ${projection.name}`;
    return { position: checkpoint?.position ?? 0, tables: await digest(projection, session) };
  });
}

/** Thrown to roll back: neither the tables nor what the fold would tell others may outlive the comparison. */
class Compared extends Error {
  constructor(readonly tables: readonly TableDigest[]) {
    super('compared');
  }
}

async function foldedDigests(
  projection: Projection,
  until: Position,
  parts: ProjectionParts,
): Promise<readonly TableDigest[]> {
  try {
    return await inTransaction(parts.sql, async (session) => {
      // Temporary tables hide those of the same name, so the fold writes into these and does not know it.
      for (const table of projection.tables) {
        await session`create temporary table ${session(table)} (like public.${session(table)} including all) on commit drop`;
      }
      await foldInto(session, projection, until, parts);
      throw new Compared(await digest(projection, session));
    });
  } catch (error) {
    if (error instanceof Compared) return error.tables;
    throw error;
  }
}

async function foldInto(
  session: Sql,
  projection: Projection,
  until: Position,
  { log, progress }: ProjectionParts,
): Promise<void> {
  for (let position = 0; position < until;) {
    const batch = await log.read(position, Math.min(BATCH_EVENTS, until - position));
    const last = batch.at(-1)?.position;
    if (last === undefined) throw new Error(`the log ends at position ${position}, before ${until}`);
    await projection.apply(batch, session);
    position = last;
    progress(position, until);
  }
}

function differences(name: string, living: readonly TableDigest[], folded: readonly TableDigest[]): readonly string[] {
  return living.flatMap(({ table, rows, digest: ours }) => {
    const other = folded.find((candidate) => candidate.table === table);
    if (other?.digest === ours) return [];
    return [
      `${name}: ${table} has ${rows} rows with digest ${ours}, a fold from the log ${other?.rows ?? 0} with ${other?.digest ?? '-'}`,
    ];
  });
}
