import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { repartition, compareWithLog, partitionOf } from '#projection';
import { readLogIdentity, type LogIdentity } from '#event-log';
import { StreamList, StreamListSystem } from '../../../../test/support/stream-list.js';
import { AnomalyCounts, type ConsumerAnomaly } from './anomaly-counts.js';
import { Fenced, PartitionFeed, type FeedMessage } from './partition-feed.js';

const PARTITIONS = 2;
const OURS = 1;

let system: StreamListSystem;
const projection = new StreamList();
let counts: AnomalyCounts;
let identity: LogIdentity;
let foreign: FeedMessage[] = [];
beforeAll(async () => {
  system = await StreamListSystem.open();
  identity = await readLogIdentity(system.dependencies.sql);
  await repartition(PARTITIONS, { ...system.dependencies, projections: [projection] });
});
beforeEach(() => {
  counts = new AnomalyCounts();
  foreign = [];
});
afterAll(() => system.close());

function feed(partition = OURS): PartitionFeed {
  const onParked = (error: Error): never => {
    throw error;
  };
  const onForeign = (messages: readonly FeedMessage[]): void => void foreign.push(...messages);
  return new PartitionFeed(partition, { ...system.dependencies, projection, identity, counts, onParked, onForeign });
}

/** Everything that was sent to a partition, as the relay sends it. */
async function sent(partition = OURS): Promise<readonly FeedMessage[]> {
  const events = (await system.dependencies.log.read(0, 10_000)).filter(
    ({ key }) => partitionOf(key, PARTITIONS) === partition,
  );
  return events.map((event, index) => ({ event, prev: events[index - 1]?.position ?? 0, log: identity }));
}

/** Appends events until our partition has so many more. */
async function more(count: number): Promise<readonly FeedMessage[]> {
  const before = (await sent()).length;
  while ((await sent()).length < before + count) await system.append();
  return (await sent()).slice(before);
}

/** Whether the rows equal a fold of the log, after the other partition is brought up to date. */
async function isComplete(): Promise<boolean> {
  await feed(0).take(await sent(0));
  return (await compareWithLog(projection, system.dependencies)).equal;
}

function anomalies(): Partial<Record<ConsumerAnomaly, number>> {
  const found = (['duplicate', 'hole', 'stray', 'foreign', 'fenced'] as const).map(
    (kind) => [kind, counts.of(kind)] as const,
  );
  return Object.fromEntries(found.filter(([, count]) => count > 0));
}

describe('A partition of a projection', () => {
  it('folds the messages of the topic', async () => {
    await more(5);
    await feed().take(await sent());
    expect(anomalies()).toEqual({});
    expect(await isComplete()).toBe(true);
  });

  it('drops duplicates, within a batch and across batches, and counts them', async () => {
    const ours = feed();
    const [one, two, three] = await more(3);
    if (!one || !two || !three) throw new Error('too few');
    await ours.take([one, two, one, two, three]);
    await ours.take([three, one]);
    expect(anomalies()).toEqual({ duplicate: 4 });
    expect(await isComplete()).toBe(true);
  });

  it('reads the events that are missing before a message from the log, and counts them', async () => {
    const [one, , , four, five] = await more(5);
    if (!one || !four || !five) throw new Error('too few');
    await feed().take([one, four, five]);
    expect(anomalies()).toEqual({ hole: 2 });
    expect(await isComplete()).toBe(true);
  });

  it('continues if a message announces a hole and the log has nothing there', async () => {
    const [one, two] = await more(2);
    if (!one || !two) throw new Error('too few');
    await feed().take([one, { ...two, prev: two.event.position - 1 }]);
    expect(anomalies()).toEqual({});
    expect(await isComplete()).toBe(true);
  });

  it('reads the lost end of a topic from the log', async () => {
    const missing = await more(4);
    await feed().backfillTo(missing.at(-1)?.event.position ?? 0);
    expect(anomalies()).toEqual({ hole: 4 });
    expect(await isComplete()).toBe(true);
  });

  it('ignores messages of another partition', async () => {
    const ours = feed();
    await ours.take(await more(1));
    await ours.take(await sent(0));
    expect(anomalies()).toEqual({ stray: (await sent(0)).length });
    expect(await isComplete()).toBe(true);
  });

  it('writes nothing once another process has claimed it, not even the batch in progress', async () => {
    const zombie = feed();
    await zombie.claim();
    const newer = await more(3);
    const owner = feed();
    await owner.claim();
    await expect(zombie.take(newer)).rejects.toThrow(Fenced);
    await expect(zombie.backfillTo(newer.at(-1)?.event.position ?? 0)).rejects.toThrow(Fenced);
    expect(counts.of('fenced')).toBe(2);
    for (const { event } of newer) expect(await system.eventsOf(event.stream)).toBe(0);
    await owner.take(newer);
    expect(await isComplete()).toBe(true);
  });

  it('ignores messages of another log, counts them, and reads what is missing from the log', async () => {
    const newer = await more(3);
    const other = { log: randomUUID(), generation: randomUUID() };
    const ours = feed();
    await ours.take(newer.map((message) => ({ ...message, log: other })));
    await ours.take(newer.map((message) => ({ ...message, log: { ...identity, generation: other.generation } })));
    expect(anomalies()).toEqual({ foreign: 6 });
    expect(foreign).toHaveLength(6);
    for (const { event } of newer) expect(await system.eventsOf(event.stream)).toBe(0);
    await ours.backfillTo(newer.at(-1)?.event.position ?? 0);
    expect(await isComplete()).toBe(true);
  });

  it('does not believe events that the log does not have, at positions that it has or has not reached', async () => {
    const [one, two] = await more(2);
    if (!one || !two) throw new Error('too few');
    const head = (await system.dependencies.log.head()).position;
    const lost = (position: number): FeedMessage => ({
      ...{ event: { ...two.event, position, stream: randomUUID() }, prev: one.event.position },
      log: position > head ? null : identity,
    });
    const ours = feed();
    await ours.take([one, lost(two.event.position), lost(head + 40_000), { ...two, log: null }]);
    expect(anomalies()).toEqual({ foreign: 2 });
    expect(ours.position).toBe(two.event.position);
    expect(await isComplete()).toBe(true);
  });

  it('is fenced when the log is repartitioned', async () => {
    const ours = feed();
    await ours.claim();
    await repartition(PARTITIONS + 1, { ...system.dependencies, projections: [projection] });
    const newer = await more(1);
    await expect(ours.take(newer)).rejects.toThrow(Fenced);
    const again = feed();
    await again.claim();
    expect(again.partitions).toBe(PARTITIONS + 1);
  });
});
