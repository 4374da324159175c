// What the log and the tables say of themselves: every process can tell it, and all tell the same but for its own queue.
import type { EventLog } from '#event-log';
import type { RelayProgress, Checkpoints, PartitionProgress, ProjectionProgress } from '#projection';
import type { GaugeSource, Sample } from './metric-sources.js';
import type { Followers } from '../followers.js';

const MS = 1_000;

export function logGauges(log: EventLog, checkpoints: Checkpoints, followers: Followers): readonly GaugeSource[] {
  const head = together(() => log.head());
  const carried = together(() => checkpoints.relayProgress());
  return [
    one('barada_log_head', 'The last position of the log', async () => (await head()).position),
    one('barada_append_queue_commands', 'Commands that this process has not written yet', () => log.queue.commands),
    one(
      'barada_append_queue_age_seconds',
      'How long the oldest command has waited that this process has not written yet',
      () => log.queue.oldestMs / MS,
    ),
    ...ofFollowers(together(() => checkpoints.progress())),
    ...ofPartitions(together(() => checkpoints.partitionProgress())),
    ...ofRelay(carried, async () => (await head()).position),
    {
      name: 'barada_consumer_partitions',
      help: 'How many partitions the group has given to this process',
      labelNames: ['follower'],
      collect: () =>
        followers.states.flatMap(({ projection, partitions }) =>
          partitions === undefined ? [] : [{ labels: { follower: projection }, value: partitions.length }],
        ),
    },
  ];
}

function ofFollowers(proofs: () => Promise<readonly ProjectionProgress[]>): readonly GaugeSource[] {
  const each = (name: string, help: string, of: (proof: ProjectionProgress) => number): GaugeSource => ({
    ...{ name, help, labelNames: ['follower'] },
    collect: async () =>
      (await proofs()).map((proof) => ({ labels: { follower: proof.projection }, value: of(proof) })),
  });
  return [
    each('barada_follower_position', 'Up to where a follower has folded the log whole', ({ position }) => position),
    each('barada_follower_lag', 'How many events a follower is behind', ({ lag }) => lag),
    each(
      'barada_follower_standstill_seconds',
      'For how long there has been something to fold and nothing was',
      ({ standsStillSeconds }) => standsStillSeconds,
    ),
    each('barada_follower_parked_keys', 'Keys with dead letters', ({ parked }) => parked),
  ];
}

function ofPartitions(partitions: () => Promise<readonly PartitionProgress[]>): readonly GaugeSource[] {
  const each = (name: string, help: string, of: (standing: PartitionProgress) => number): GaugeSource => ({
    ...{ name, help, labelNames: ['follower', 'partition'] },
    collect: async () =>
      (await partitions()).map((standing) => ({
        labels: { follower: standing.projection, partition: String(standing.partition) },
        value: of(standing),
      })),
  });
  return [
    each('barada_partition_position', 'Where a partition of a follower stands', ({ position }) => position),
    each('barada_partition_lag', 'Positions between that and the last one that was sent to it', ({ lag }) => lag),
  ];
}

/** Nothing where the log is carried nowhere. */
function ofRelay(carried: () => Promise<RelayProgress | null>, head: () => Promise<number>): readonly GaugeSource[] {
  const some = (
    name: string,
    help: string,
    of: (feed: RelayProgress) => number | null | Promise<number>,
  ): GaugeSource => ({
    ...{ name, help },
    collect: async () => {
      const feed = await carried();
      const value = feed && (await of(feed));
      return value === null ? [] : [sample(value)];
    },
  });
  return [
    some('barada_relay_position', 'Everything up to here is with the broker', ({ position }) => position),
    some('barada_relay_lag', 'How many events are not with the broker yet', async ({ position }) =>
      Math.max(0, (await head()) - position),
    ),
    some('barada_relay_epoch', 'Grows with every active relay', ({ epoch }) => epoch),
    some('barada_relay_silent_seconds', 'Since the sign of life of the active relay', (feed) => feed.silentSeconds),
    {
      ...{ name: 'barada_relay_sent_position', help: 'The last position that was sent to a partition' },
      labelNames: ['partition'],
      collect: async () =>
        ((await carried())?.sent ?? []).map(({ partition, last }) => ({
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

/** All figures of one scrape ask at once: one question answers them. */
function together<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () =>
    (underWay ??= ask().finally(() => {
      underWay = null;
    }));
}
