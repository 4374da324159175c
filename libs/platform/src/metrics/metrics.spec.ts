import { describe, expect, it } from '@jest/globals';
import type { RelayProgress, PartitionProgress } from '#projection';
import { EmptyLog, NoCheckpoints } from '../../../../test/support/bare-foundations.js';
import { Followers, type RunningState } from '../followers.js';
import { Metrics } from './metrics.js';

const STATES: readonly RunningState[] = [
  { projection: 'facts', position: 40, failing: null, takenOver: false, partitions: [0, 2] },
];

class BusyLog extends EmptyLog {
  override readonly queue = { commands: 3, oldestMs: 1_500 };
  override head(): ReturnType<EmptyLog['head']> {
    return Promise.resolve({ position: 50, recordedAt: '2017-01-28T00:00:00Z' });
  }
}

class SharedCheckpoints extends NoCheckpoints {
  feed: RelayProgress | null = {
    ...{ position: 48, epoch: 3, silentSeconds: 0.5 },
    sent: [
      { partition: 0, last: 47 },
      { partition: 1, last: 48 },
    ],
  };
  isAway = false;
  override relayProgress(): Promise<RelayProgress | null> {
    return this.isAway ? Promise.reject(new Error('away')) : Promise.resolve(this.feed);
  }
  override partitionProgress(): Promise<readonly PartitionProgress[]> {
    return Promise.resolve([
      { projection: 'facts', partition: 0, position: 40, lag: 7 },
      { projection: 'facts', partition: 1, position: 48, lag: 0 },
    ]);
  }
}

function open() {
  const [checkpoints, followers] = [new SharedCheckpoints(), new Followers()];
  followers.start(() => ({ start: () => undefined, stop: () => Promise.resolve(), states: STATES }));
  return { checkpoints, metrics: new Metrics(new BusyLog(), checkpoints, followers) };
}

describe('the metrics', () => {
  it('report how long the oldest command has waited in this process', async () => {
    const text = await open().metrics.registry.metrics();
    expect(text).toContain('\nbarada_append_queue_commands 3\n');
    expect(text).toContain('\nbarada_append_queue_age_seconds 1.5\n');
  });

  it('report the position of the relay, and the lag of each partition of a follower', async () => {
    const text = await open().metrics.registry.metrics();
    for (const line of [
      'barada_relay_position 48',
      'barada_relay_lag 2',
      'barada_relay_epoch 3',
      'barada_relay_silent_seconds 0.5',
      'barada_relay_sent_position{partition="1"} 48',
      'barada_partition_position{follower="facts",partition="0"} 40',
      'barada_partition_lag{follower="facts",partition="0"} 7',
      'barada_partition_lag{follower="facts",partition="1"} 0',
      'barada_consumer_partitions{follower="facts"} 2',
    ])
      expect(text).toContain(`\n${line}\n`);
  });

  it('have no relay samples without a relay, and no silence for a relay that has stopped', async () => {
    const { checkpoints, metrics } = open();
    checkpoints.feed = { position: 48, epoch: 3, silentSeconds: null, sent: [] };
    const gone = await metrics.registry.metrics();
    expect(gone).toContain('\nbarada_relay_position 48\n');
    expect(gone).not.toMatch(/^barada_relay_(silent_seconds|sent_position)/m);
    checkpoints.feed = null;
    expect(await metrics.registry.metrics()).not.toMatch(/^barada_relay_/m);
  });

  it('are served even if some of them cannot be read', async () => {
    const { checkpoints, metrics } = open();
    await metrics.registry.metrics();
    checkpoints.isAway = true;
    const text = await metrics.registry.metrics();
    expect(text).not.toMatch(/^barada_relay_/m);
    expect(text).toContain('\nbarada_append_queue_commands 3\n');
  });

  it('read counters that others keep at scrape time', async () => {
    const { metrics } = open();
    const seen = { facts: 1, alerts: 0 };
    metrics.registerCounters(
      (['facts', 'alerts'] as const).map((follower) => ({
        ...{ name: 'barada_seen_total', help: 'Seen', labels: { follower } },
        count: () => seen[follower],
      })),
    );
    expect(await metrics.registry.metrics()).toContain('\nbarada_seen_total{follower="facts"} 1\n');
    seen.facts = 5;
    const text = await metrics.registry.metrics();
    expect(text).toContain('\nbarada_seen_total{follower="facts"} 5\n');
    expect(text).toContain('\nbarada_seen_total{follower="alerts"} 0\n');
  });
});
