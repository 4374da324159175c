// An event as a Kafka message, and back: CloudEvents 1.0, binary mode
// (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md).
import type { LogIdentity, Position, StoredEvent } from '#event-log';
import { messageHeaders, messageValue, type MessageHeaders } from './message.schema.js';

export const EVENT_SOURCE = 'urn:barada:log';
const TYPE = /^barada\.event\.(.+)\.v\d+$/;

export type EventMessage = { readonly key: string; readonly value: string; readonly headers: MessageHeaders };

/** As Kafka clients return it. */
export type ReceivedMessage = {
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
};

/** Another program has written to our topic, or a much newer version of this one. */
export class MalformedMessage extends Error {
  override readonly name = 'NotOurMessage';
  constructor(why: string) {
    super(`this is not one of our messages: ${why}`);
  }
}

/** `prev`: the position that was sent to its partition before this event; 0 for none. */
export function messageOf(event: StoredEvent, prev: Position, { log, generation }: LogIdentity): EventMessage {
  const { position, stream, version, key, type, schemaVersion, data, meta, recordedAt, commandEnd } = event;
  return {
    key,
    value: JSON.stringify({ data, meta }),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: String(position),
      ce_source: EVENT_SOURCE,
      ce_type: `barada.event.${type}.v${schemaVersion}`,
      ce_time: recordedAt,
      ce_subject: stream,
      ce_partitionkey: key,
      ce_position: String(position),
      ce_prev: String(prev),
      ce_log: log,
      ce_generation: generation,
      ce_version: String(version),
      ce_schemaversion: String(schemaVersion),
      ce_commandend: String(commandEnd),
      ce_correlation: meta.correlation,
      ...(meta.traceparent === undefined ? {} : { ce_traceparent: meta.traceparent }),
    },
  };
}

/** An event as it was sent. `log` null: a message of the first release, which does not name its log. */
export type SentEvent = { readonly event: StoredEvent; readonly prev: Position; readonly log: LogIdentity | null };

/** The event that the message was made from. Throws `MalformedMessage`. */
export function eventOf(message: ReceivedMessage): SentEvent {
  const headers = headersOf(message);
  const { data, meta } = valueOf(message);
  const event: StoredEvent = {
    position: Number(headers.ce_position),
    stream: headers.ce_subject,
    version: Number(headers.ce_version),
    key: headers.ce_partitionkey,
    type: TYPE.exec(headers.ce_type)?.[1] ?? '',
    schemaVersion: Number(headers.ce_schemaversion),
    data,
    meta,
    recordedAt: headers.ce_time,
    commandEnd: Number(headers.ce_commandend),
  };
  const { ce_log: log, ce_generation: generation } = headers;
  const identity = log === undefined || generation === undefined ? null : { log, generation };
  return { event, prev: Number(headers.ce_prev), log: identity };
}

function headersOf({ headers = {} }: ReceivedMessage): MessageHeaders {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
  const parsed = messageHeaders.safeParse(texts);
  if (parsed.success) return parsed.data;
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  throw new MalformedMessage(`the headers ${[...names].join(', ')} are missing or malformed`);
}

function valueOf({ value }: ReceivedMessage): Pick<StoredEvent, 'data' | 'meta'> {
  try {
    const read: unknown = JSON.parse(value?.toString() ?? '');
    const parsed = messageValue.safeParse(read);
    // Returns the JSON and not the parsed value: the schema changes the order of the members of `meta`.
    if (parsed.success) return read as Pick<StoredEvent, 'data' | 'meta'>;
  } catch {
    // Reported below.
  }
  throw new MalformedMessage('its value is not an event in JSON');
}
