// The tables of dead letters and dropped letters: which keys are parked, with which events, in order.
import type { Sql } from '#database';
import type { Instant } from '#domain';
import type { Position, StoredEvent } from '#event-log';
import type { PoisonEvent } from './bisect.js';
import type { Session } from '../projection.js';

export type DeadLetter = {
  readonly projection: string;
  readonly key: string;
  /** Of the event that cannot be folded. */
  readonly position: Position;
  readonly error: string;
  readonly since: Instant;
  /** How many later events of the key wait for it. */
  readonly waiting: number;
};

/** With more parked keys the cause is the program and not the events, so the projection stops instead. */
export const PARKED_KEYS_MAX = 100;

export class TooManyDeadLetters extends Error {
  override readonly name = 'TooManyDeadLetters';
  constructor(culprit: PoisonEvent) {
    super(
      `more than ${PARKED_KEYS_MAX} keys cannot be folded; the last at position ${culprit.position}: ${culprit.error}`,
    );
  }
}

/** One entry for each parked key. */
export async function listDeadLetters(sql: Sql): Promise<readonly DeadLetter[]> {
  return sql<DeadLetter[]>`
    select distinct on (projection, key) projection, key, position, coalesce(error, '') as error, since,
      count(*) over (partition by projection, key) - 1 as waiting
    from dead_letters where projection not like '%@%'
    order by projection, key, position`;
}

/** Adds the events of parked keys to their dead letters, and returns the rest. */
export async function parkFollowing(
  session: Session,
  name: string,
  batch: readonly StoredEvent[],
): Promise<readonly StoredEvent[]> {
  const rows = await session<{ key: string }[]>`select distinct key from dead_letters where projection = ${name}`;
  const parked = new Set(rows.map(({ key }) => key));
  await add(
    session,
    name,
    batch.filter(({ key }) => parked.has(key)),
  );
  return batch.filter(({ key }) => !parked.has(key));
}

/** Parks each poison event's key from that event on. `partition`: see `recount`. */
export async function park(
  session: Session,
  { name, partition }: { readonly name: string; readonly partition: number | null },
  batch: readonly StoredEvent[],
  culprits: readonly PoisonEvent[],
): Promise<void> {
  const [one] = culprits;
  if (!one) return;
  const byKey = new Map(culprits.map((culprit) => [culprit.key, culprit]));
  const letters = batch.filter(({ key, position }) => position >= (byKey.get(key)?.position ?? Infinity));
  await add(session, name, letters);
  for (const { position, error } of culprits) await setError(session, name, position, error);
  if ((await recount(session, name, partition)) > PARKED_KEYS_MAX) throw new TooManyDeadLetters(one);
}

async function add(session: Session, name: string, letters: readonly StoredEvent[]): Promise<void> {
  if (letters.length === 0) return;
  const positions = letters.map(({ position }) => position);
  const keys = letters.map(({ key }) => key);
  await session`
    insert into dead_letters (projection, position, key)
    select ${name}, position, key from unnest(${positions}::bigint[], ${keys}::text[]) as letter (position, key)`;
}

export async function setError(session: Session, name: string, position: Position, error: string): Promise<void> {
  await session`update dead_letters set error = ${error} where projection = ${name} and position = ${position}`;
}

/**
 * Stores in the checkpoints how many keys of the projection are parked, and returns it. With a `partition`, only its
 * checkpoint is updated: that is enough for the keys of that partition, and takes no lock that another may wait for.
 */
export async function recount(session: Session, name: string, partition: number | null = null): Promise<number> {
  const [counted] = await session<{ parked: number }[]>`
    update checkpoints
    set parked = (select count(distinct key) from dead_letters where projection = ${name})
    where projection = ${name} and (${partition}::int is null or partition = ${partition})
    returning parked`;
  return counted?.parked ?? 0;
}

/** In order; the first is the one that could not be folded. */
export async function lettersOf(
  session: Session,
  name: string,
  key: string,
  limit: number,
): Promise<readonly Position[]> {
  const rows = await session<{ position: Position }[]>`
    select position from dead_letters where projection = ${name} and key = ${key} order by position limit ${limit}`;
  return rows.map(({ position }) => position);
}

export async function removeLetters(session: Session, name: string, positions: readonly Position[]): Promise<void> {
  await session`
    delete from dead_letters where projection = ${name} and position = any(${[...positions]}::bigint[])`;
}

/** Those of all keys of the projection. */
export async function removeAllLetters(session: Session, name: string): Promise<void> {
  await session`delete from dead_letters where projection = ${name}`;
}

/** The events of the batch that nobody has dropped. */
export async function withoutDropped(
  session: Session,
  projection: string,
  batch: readonly StoredEvent[],
): Promise<readonly StoredEvent[]> {
  const [first, last] = [batch.at(0)?.position ?? 0, batch.at(-1)?.position ?? 0];
  const rows = await session<{ position: Position }[]>`
    select position from dropped_letters
    where projection = ${projection} and position between ${first} and ${last}`;
  const dropped = new Set(rows.map(({ position }) => position));
  return dropped.size === 0 ? batch : batch.filter(({ position }) => !dropped.has(position));
}

/**
 * Moves a letter to the dropped ones. Only the event at which its key is stuck may be dropped, because it is not known
 * yet whether the others can be folded; null if it is not that one.
 */
export async function moveToDropped(
  session: Session,
  { projection, position, by }: { readonly projection: string; readonly position: Position; readonly by: string },
): Promise<{ readonly key: string; readonly error: string } | null> {
  const [dropped] = await session<{ key: string; error: string }[]>`
    with dropped as (
      delete from dead_letters as letter
      where projection = ${projection} and position = ${position} and error is not null
        and not exists (
          select from dead_letters as before
          where before.projection = letter.projection and before.key = letter.key
            and before.position < letter.position)
      returning *)
    insert into dropped_letters (projection, position, key, error, since, dropped_by)
    select projection, position, key, error, since, ${by} from dropped
    returning key, error`;
  return dropped ?? null;
}
