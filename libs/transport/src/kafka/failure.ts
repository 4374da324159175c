// What can go wrong between us and Kafka.
// As a whole: Node does not see that this CommonJS module exports its errors by name.
import kafkajs from 'kafkajs';

/** True where the brokers could not be reached, refused something, or did not answer in time. */
export function isKafkaFailure(error: unknown): error is Error {
  return error instanceof kafkajs.KafkaJSError;
}
