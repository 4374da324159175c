// Rebuilds a projection's rows from the log beside the live ones, compares both, and switches.
import { inTransaction, type Sql } from '#database';
import type { Position } from '#event-log';
import { readCheckpoints, type Checkpoint } from '../checkpoint/checkpoint-store.js';
import { digestWithin, type TableDigest } from './digest.sql.js';
import { eventsPastSlowest, positionSpan } from '../partition/align-partitions.js';
import type { Projection } from '../projection.js';
import { SideVersion, type SideVersionParts } from './side-version.js';
import { liveSlot, nextSlot, previousSlot } from '../slot/slot.js';
import { switchTo } from './switch.js';
import { useSnapshot } from '../transaction-settings.sql.js';

export type TableComparison = { readonly table: string; readonly live: TableDigest; readonly rebuilt: TableDigest };

/** Live and rebuilt rows at the same position. */
export type Comparison = {
  readonly position: Position;
  readonly equal: boolean;
  readonly tables: readonly TableComparison[];
};

export type RebuildResult = {
  /** The position of the rows when they became the live ones. */
  readonly position: Position;
  readonly comparison: Comparison;
};

/**
 * Reads and the projection's follower go on during a rebuild. Nobody who waits for events is notified twice, because the
 * live rows and what depends on them are not touched. The rows that were read before are kept for `rollback`.
 */
export async function rebuild(projection: Projection, parts: SideVersionParts): Promise<RebuildResult> {
  return compareAndSwitch(await SideVersion.makeEmpty(projection, nextSlot(projection), parts));
}

/**
 * Makes the rows that were read before the last switch the live ones again. They are brought up to date first, so no
 * reader sees the position go back. Null if none are kept.
 */
export async function rollback(projection: Projection, parts: SideVersionParts): Promise<RebuildResult | null> {
  const version = await SideVersion.resume(projection, previousSlot(projection), parts);
  return version && compareAndSwitch(version);
}

/** Folds the log beside the live rows, compares, and drops what it has folded. */
export async function compareWithLog(projection: Projection, parts: SideVersionParts): Promise<Comparison> {
  const version = await SideVersion.makeEmpty(projection, nextSlot(projection), parts);
  try {
    return await compare(version);
  } finally {
    await version.discard();
  }
}

/** Frees the space of the previous rows; false if none are kept. */
export async function discardPrevious(projection: Projection, parts: SideVersionParts): Promise<boolean> {
  const version = await SideVersion.resume(projection, previousSlot(projection), parts);
  await version?.discard();
  return version !== null;
}

async function compareAndSwitch(version: SideVersion): Promise<RebuildResult> {
  const comparison = await compare(version);
  return { position: await switchTo(version), comparison };
}

async function compare(version: SideVersion): Promise<Comparison> {
  const { projection, parts } = version;
  const before = await snapshot(projection, parts.sql);
  const { from, goal } = positionSpan(before.checkpoints);
  // Concurrently: the digests of the live rows are computed while the log is folded up to the same position.
  const [digests] = await Promise.all([before.digests, version.foldUpTo(from)]);
  const rebuilt = await version.withTrialFold(eventsPastSlowest(parts.log, before.checkpoints), (session) =>
    digestWithin(projection, session, version.slot),
  );
  const tables = digests.flatMap((old, index) => {
    const made = rebuilt[index];
    return made ? [{ table: old.table, live: old, rebuilt: made }] : [];
  });
  const equal = tables.every(({ live: old, rebuilt: made }) => old.digest === made.digest && old.rows === made.rows);
  return { position: goal, equal, tables };
}

type Snapshot = {
  readonly checkpoints: readonly Checkpoint[];
  /** Of the live rows, at the position of the checkpoints. */
  readonly digests: Promise<readonly TableDigest[]>;
};

/** Checkpoints and all tables at one moment, whatever the followers write at the same time. */
function snapshot(projection: Projection, sql: Sql): Promise<Snapshot> {
  const slot = liveSlot(projection);
  return new Promise((resolve, reject) => {
    const digests: Promise<readonly TableDigest[]> = inTransaction(sql, async (session) => {
      await useSnapshot(session);
      const checkpoints = await readCheckpoints(session, slot.checkpoint);
      // Whoever awaits the digests gets their failure.
      resolve({ checkpoints, digests });
      return digestWithin(projection, session, slot);
    });
    digests.catch(reject);
  });
}
