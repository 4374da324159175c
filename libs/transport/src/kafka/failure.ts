// Failures of Kafka, and sentences that say what an operator can do about them.
// A default import: Node does not see that this CommonJS module exports its errors by name.
import kafkajs from 'kafkajs';

/** True if the brokers could not be reached, refused a request, or did not answer in time. */
export function isKafkaFailure(error: unknown): error is Error {
  return error instanceof kafkajs.KafkaJSError;
}

/** One sentence with the cure for a failure of Kafka, without a stack; any other value is returned as it is. */
export function plainFailure(error: unknown): unknown {
  return isKafkaFailure(error) ? failureSentence(error) : error;
}

export function failureSentence(error: Error): string {
  const cause = rootOf(error);
  if (cause instanceof kafkajs.KafkaJSSASLAuthenticationError) {
    return `Kafka refused the login (${cause.message}): check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`;
  }
  if (cause instanceof kafkajs.KafkaJSProtocolError && cause.type.endsWith('_AUTHORIZATION_FAILED')) {
    return `Kafka refused the request (${cause.message}): the login lacks a right, see docs/operations.md`;
  }
  if (isAboutCertificate(cause)) {
    return `The TLS connection to Kafka failed (${cause.message}): check KAFKA_SSL, the CA (NODE_EXTRA_CA_CERTS) and the host names in KAFKA_BROKERS`;
  }
  return `Kafka failed (${cause.message}): check KAFKA_BROKERS`;
}

/** The client wraps the failure of the last attempt. */
function rootOf(error: Error): Error {
  return isKafkaFailure(error.cause) && error.cause !== error ? rootOf(error.cause) : error;
}

// OpenSSL's and Node's codes of failed certificate checks and handshakes; the client copies the code, or only the text.
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS|ERR_SSL|EPROTO|certificate|SSL routines/i;

function isAboutCertificate(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return CERTIFICATE.test(code) || CERTIFICATE.test(error.message);
}
