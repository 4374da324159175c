// Gauges of the log, the projections and the relay. Every process reports the same values, except for its own append queue.
import type { EventLog } from '#event-log';
import type { RelayProgress, Checkpoints, PartitionProgress, ProjectionProgress } from '#projection';
import type { GaugeSource, Sample } from './metric-sources.js';
import type { Followers } from '../followers.js';

const MS = 1_000;

export function logGauges(log: EventLog, checkpoints: Checkpoints, followers: Followers): readonly GaugeSource[] {
  const head = shareConcurrent(() => log.head());
  const relay = shareConcurrent(() => checkpoints.relayProgress());
  return [
    one('barada_log_head', 'Position of the last event in the log', async () => (await head()).position),
    one('barada_append_queue_commands', 'Commands of this process that are not written yet', () => log.queue.commands),
    one(
      'barada_append_queue_age_seconds',
      'Age of the oldest command of this process that is not written yet',
      () => log.queue.oldestMs / MS,
    ),
    ...ofFollowers(shareConcurrent(() => checkpoints.progress())),
    ...ofPartitions(shareConcurrent(() => checkpoints.partitionProgress())),
    ...ofRelay(relay, async () => (await head()).position),
    {
      name: 'barada_consumer_partitions',
      help: 'Partitions assigned to this process',
      labelNames: ['follower'],
      collect: () =>
        followers.states.flatMap(({ projection, partitions }) =>
          partitions === undefined ? [] : [{ labels: { follower: projection }, value: partitions.length }],
        ),
    },
  ];
}

function ofFollowers(progress: () => Promise<readonly ProjectionProgress[]>): readonly GaugeSource[] {
  const each = (name: string, help: string, of: (one: ProjectionProgress) => number): GaugeSource => ({
    ...{ name, help, labelNames: ['follower'] },
    collect: async () => (await progress()).map((one) => ({ labels: { follower: one.projection }, value: of(one) })),
  });
  return [
    each(
      'barada_follower_position',
      'Position up to which a follower has folded every event',
      ({ position }) => position,
    ),
    each('barada_follower_lag', 'Events that a follower has not folded yet', ({ lag }) => lag),
    each(
      'barada_follower_standstill_seconds',
      'Time since a follower with lag last made progress',
      ({ standsStillSeconds }) => standsStillSeconds,
    ),
    each('barada_follower_parked_keys', 'Keys with dead letters', ({ parked }) => parked),
  ];
}

function ofPartitions(partitions: () => Promise<readonly PartitionProgress[]>): readonly GaugeSource[] {
  const each = (name: string, help: string, of: (progress: PartitionProgress) => number): GaugeSource => ({
    ...{ name, help, labelNames: ['follower', 'partition'] },
    collect: async () =>
      (await partitions()).map((progress) => ({
        labels: { follower: progress.projection, partition: String(progress.partition) },
        value: of(progress),
      })),
  });
  return [
    each('barada_partition_position', 'Position of a follower in a partition', ({ position }) => position),
    each('barada_partition_lag', 'Positions between that and the last one sent to the partition', ({ lag }) => lag),
  ];
}

/** No samples without a relay. */
function ofRelay(progress: () => Promise<RelayProgress | null>, head: () => Promise<number>): readonly GaugeSource[] {
  const some = (
    name: string,
    help: string,
    of: (relay: RelayProgress) => number | null | Promise<number>,
  ): GaugeSource => ({
    ...{ name, help },
    collect: async () => {
      const relay = await progress();
      const value = relay && (await of(relay));
      return value === null ? [] : [sample(value)];
    },
  });
  return [
    some(
      'barada_relay_position',
      'Position up to which every event has been acknowledged by the broker',
      ({ position }) => position,
    ),
    some('barada_relay_lag', 'Events that the broker has not acknowledged yet', async ({ position }) =>
      Math.max(0, (await head()) - position),
    ),
    some('barada_relay_epoch', 'Epoch of the active relay; grows with each takeover', ({ epoch }) => epoch),
    some(
      'barada_relay_silent_seconds',
      'Time since the last heartbeat of the active relay',
      (relay) => relay.silentSeconds,
    ),
    {
      ...{ name: 'barada_relay_sent_position', help: 'Last position sent to a partition' },
      labelNames: ['partition'],
      collect: async () =>
        ((await progress())?.sent ?? []).map(({ partition, last }) => ({
          labels: { partition: String(partition) },
          value: last,
        })),
    },
  ];
}

function one(name: string, help: string, of: () => number | Promise<number>): GaugeSource {
  return { name, help, collect: async () => [sample(await of())] };
}

function sample(value: number): Sample {
  return { labels: {}, value };
}

/** The gauges of one scrape are read concurrently: one query answers them all. */
function shareConcurrent<T>(load: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | null = null;
  return () =>
    (pending ??= load().finally(() => {
      pending = null;
    }));
}
