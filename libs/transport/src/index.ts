// Kafka: how the log gets there, and how projections follow it from there.
export { AnomalyCounts, CONSUMER_ANOMALIES, type ConsumerAnomaly } from './consumer/counts.js';
export { groupOf, KafkaRunner, type KafkaRunnerParts } from './consumer/kafka-runner.js';
export { kafkaClient, type Kafka, type KafkaAccess, type KafkaLogLine, type KafkaOptions } from './kafka/client.js';
export { isKafkaFailure } from './kafka/failure.js';
export { TooFewPartitions } from './relay/outlet.js';
export { relayMetrics } from './relay/counted.js';
export { Relay, type RelayParts, type RelayState } from './relay/relay.js';
export * from './wire/index.js';
export { planPartitions, prepareTopic, type TopicParts, type TopicReport, type TopicSettings } from './topics.js';
export * from './asyncapi/index.js';
export * from './process/index.js';
