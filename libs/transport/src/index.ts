// Kafka: how the log gets there, and how projections follow it from there.
export { Counts, MET, type Met } from './consumer/counts.js';
export { groupOf, KafkaRunner, type KafkaRunnerParts } from './consumer/kafka-runner.js';
export { kafkaClient, type Kafka, type KafkaAccess, type KafkaLogLine, type KafkaOptions } from './kafka/client.js';
export * from './wire/index.js';
