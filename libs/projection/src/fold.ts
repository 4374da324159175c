// Writes one batch: its rows and the checkpoint are one transaction.
import { inTransaction, type Sql } from '#database';
import type { StoredEvent } from '#event-log';
import { advance, type Checkpoint } from './checkpoints.js';
import type { Projection } from './projection.js';

/** False, with nothing written, where the checkpoint is not `from` any more. */
export function fold(
  projection: Projection,
  sql: Sql,
  from: Checkpoint,
  batch: readonly StoredEvent[],
): Promise<boolean> {
  const last = batch.at(-1)?.position ?? from.position;
  return inTransaction(sql, async (session) => {
    if (!(await advance(session, projection.name, from, last))) return false;
    await projection.apply(batch, session);
    return true;
  });
}
