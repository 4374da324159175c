// Failures of Kafka.
// A default import: Node does not see that this CommonJS module exports its errors by name.
import kafkajs from 'kafkajs';

/** True if the brokers could not be reached, refused a request, or did not answer in time. */
export function isKafkaFailure(error: unknown): error is Error {
  return error instanceof kafkajs.KafkaJSError;
}
