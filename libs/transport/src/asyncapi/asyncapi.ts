// The AsyncAPI 3 document of the topic, made from the schemas that messages are written and read by.
import { z } from 'zod';
import { SCHEMA_VERSIONS, type EventType } from '#domain';
import type { KafkaSettings } from '#platform';
import { messageHeaders, messageValue } from '../wire/index.js';
import { EVENT_DATA } from './event-data.js';

const ABOUT = `Every event of the log that has been recorded, once or more often, in order by key.

What can get somebody killed (handles, exact points, texts, evidence) is never here. A message that comes twice has the
same \`ce_position\`; where \`ce_prev\` lies behind what you have seen of its partition, something is missing.`;

type Tree = Record<string, unknown>;

/** Plain JSON. `topic` is the settings' part: the address, and how the topic is made. */
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
        summary: 'The relay sends what was recorded, in the order of commit.',
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
    description: "The log. The key of a message is its event's key; the partition follows from it by murmur2.",
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
  delete made['$schema']; // the document says it once
  return made;
}
