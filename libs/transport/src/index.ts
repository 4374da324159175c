// Kafka: how the log gets there, and how projections follow it from there.
export { kafkaClient, type Kafka, type KafkaAccess, type KafkaLogLine, type KafkaOptions } from './kafka/client.js';
export * from './wire/index.js';
