// What goes to Kafka at once: a piece of the log, cut into partitions, each message naming its predecessor.
import type { Position, StoredEvent } from '#event-log';
import { partitionOf } from '#projection';
import { messageOf, type EventMessage } from '../wire/index.js';

export type Batch = {
  readonly messages: readonly (EventMessage & { readonly partition: number })[];
  /** The position of its last event. */
  readonly position: Position;
  readonly events: number;
  /** The last position of each partition that something goes to. */
  readonly last: ReadonlyMap<number, Position>;
};

// Kafka's own limit for what goes to a partition at once is 1 MB; our topics take 16 (topics.ts), for single big events.
const BATCH_BYTES = 1_000_000;

/** Of `events` as many as fit, at least one. `last`: of the partitions before it; there is one entry for each. */
export function batchOf(events: readonly StoredEvent[], last: ReadonlyMap<number, Position>): Batch {
  const messages: Batch['messages'][number][] = [];
  const sent = new Map<number, Position>();
  let [bytes, position] = [0, 0];
  for (const event of events) {
    const partition = partitionOf(event.key, last.size);
    const message = messageOf(event, sent.get(partition) ?? last.get(partition) ?? 0);
    bytes += Buffer.byteLength(message.value);
    if (messages.length > 0 && bytes > BATCH_BYTES) break;
    messages.push({ ...message, partition });
    sent.set(partition, event.position);
    position = event.position;
  }
  return { messages, position, events: messages.length, last: sent };
}
