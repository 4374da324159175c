// The AsyncAPI 3 document of the topic, generated from the schemas of the messages.
import { z } from 'zod';
import { SCHEMA_VERSIONS, type EventType } from '#domain';
import type { KafkaSettings } from '#platform';
import { messageHeaders, messageValue } from '../wire/index.js';
import { EVENT_DATA } from './event-data.js';

const ABOUT = `Every recorded event of the log, at least once, in order by key.

Data that can get somebody killed (handles, exact points, texts, evidence) is never here. A message that is sent twice has
the same \`ce_position\`. If \`ce_prev\` is after the last position that you have seen of its partition, messages are missing.`;

type Tree = Record<string, unknown>;

/** Plain JSON. `topic`: the address of the topic and how it is created. */
export function asyncApiOf(topic: AsyncApiTopic): Tree {
  const types = Object.keys(EVENT_DATA) as EventType[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Barada events',
      version: '1',
      description: ABOUT,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: { events: channelOf(topic) },
    operations: {
      events: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary: 'The relay sends every recorded event, in the order of commit.',
      },
    },
    components: {
      messages: Object.fromEntries(types.map((type) => [type, messageOf(type)])),
      schemas: {
        Headers: schemaOf(messageHeaders),
        ...Object.fromEntries(types.map((type) => [type, schemaOf(EVENT_DATA[type])])),
      },
    },
  };
}

const HOUR_MS = 3_600_000;

type AsyncApiTopic = Pick<KafkaSettings, 'topic' | 'partitions' | 'replication' | 'retentionHours'>;

function channelOf({ topic, partitions, replication, retentionHours }: AsyncApiTopic): Tree {
  const types = Object.keys(EVENT_DATA);
  return {
    address: topic,
    description: "The log. A message has its event's key; murmur2 of the key determines the partition.",
    messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
    bindings: {
      kafka: {
        topic,
        partitions,
        replicas: replication,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionHours * HOUR_MS },
        bindingVersion: '0.5.0',
      },
    },
  };
}

function messageOf(type: EventType): Tree {
  const value = schemaOf(messageValue) as { properties: Tree };
  return {
    name: type,
    title: type,
    summary: `ce_type is barada.event.${type}.v${SCHEMA_VERSIONS[type]}`,
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/Headers' },
    payload: { ...value, properties: { ...value.properties, data: { $ref: `#/components/schemas/${type}` } } },
    bindings: { kafka: { key: { type: 'string', description: "the event's key" }, bindingVersion: '0.5.0' } },
  };
}

// AsyncAPI's own schemas are JSON Schema draft 7.
function schemaOf(schema: z.ZodType): Tree {
  const made: Tree = { ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) };
  delete made['$schema']; // stated once for the document
  return made;
}
