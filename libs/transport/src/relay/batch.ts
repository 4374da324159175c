// One request to Kafka: a range of the log, divided among partitions, each message with the position before it.
import type { LogIdentity, Position, StoredEvent } from '#event-log';
import { partitionOf } from '#projection';
import { messageOf, type EventMessage } from '../wire/index.js';

export type Batch = {
  readonly messages: readonly (EventMessage & { readonly partition: number })[];
  /** The position of its last event. */
  readonly position: Position;
  readonly events: number;
  /** The last position in each partition that gets a message. */
  readonly last: ReadonlyMap<number, Position>;
};

// Kafka's own limit for a batch to a partition is 1 MB; our topics accept 16 MB (topics.ts), for single large events.
const BATCH_BYTES = 1_000_000;

/** As many of `events` as fit, at least one. `last`: the last position in each partition before them. */
export function batchOf(
  events: readonly StoredEvent[],
  { last, log }: { readonly last: ReadonlyMap<number, Position>; readonly log: LogIdentity },
): Batch {
  const messages: Batch['messages'][number][] = [];
  const sent = new Map<number, Position>();
  let [bytes, position] = [0, 0];
  for (const event of events) {
    const partition = partitionOf(event.key, last.size);
    const message = messageOf(event, sent.get(partition) ?? last.get(partition) ?? 0, log);
    bytes += Buffer.byteLength(message.value);
    if (messages.length > 0 && bytes > BATCH_BYTES) break;
    messages.push({ ...message, partition });
    sent.set(partition, event.position);
    position = event.position;
  }
  return { messages, position, events: messages.length, last: sent };
}
