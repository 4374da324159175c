// Kafka: the relay sends the log to a topic, and projections follow the topic.
export { AnomalyCounts, CONSUMER_ANOMALIES, type ConsumerAnomaly } from './consumer/anomaly-counts.js';
export { groupOf } from './consumer/consumer-session.js';
export { KafkaRunner, type KafkaRunnerParts } from './consumer/kafka-runner.js';
export { kafkaClient, type Kafka, type KafkaAccess, type KafkaLogLine, type KafkaOptions } from './kafka/client.js';
export { failureSentence, isKafkaFailure } from './kafka/failure.js';
export { TooFewPartitions } from './relay/topic-producer.js';
export { relayMetrics } from './relay/relay-metrics.js';
export { Relay, type RelayParts, type RelayState } from './relay/relay.js';
export * from './wire/index.js';
export { planPartitions, prepareTopic, type TopicParts, type TopicReport, type TopicSettings } from './topic/topics.js';
export * from './asyncapi/index.js';
export * from './process/index.js';
