// The Kafka client of a process: configured by its settings, writing to its log.
import { Logger } from '@nestjs/common';
import type { Settings } from '#platform';
import { kafkaClient, type Kafka } from '../kafka/client.js';

export function kafkaClientFor({ kafka }: Settings): Kafka {
  const logger = new Logger('kafka');
  return kafkaClient(kafka, {
    clientId: 'barada',
    log: ({ level, message, broker }) => {
      const text = broker === null ? message : `${broker}: ${message}`;
      if (level === 'error') logger.error(text);
      else if (level === 'warn') logger.warn(text);
      else logger.log(text);
    },
  });
}
