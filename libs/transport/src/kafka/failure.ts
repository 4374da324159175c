// What can go wrong between us and Kafka.
import { KafkaJSError } from 'kafkajs';

/** True where the brokers could not be reached, refused something, or did not answer in time. */
export function isKafkaFailure(error: unknown): error is Error {
  return error instanceof KafkaJSError;
}
