import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { failureSentence, plainFailure } from './failure.js';

// The client's own types do not declare how its errors are made.
const Errors = kafkajs as unknown as Record<string, new (...given: unknown[]) => Error>;

function made(name: string, ...given: unknown[]): Error {
  const Kind = Errors[name];
  if (!Kind) throw new Error(`kafkajs has no ${name}`);
  return new Kind(...given);
}

function afterRetries(error: Error): Error {
  return made('KafkaJSNumberOfRetriesExceeded', error, { retryCount: 5, retryTime: 1_000 });
}

describe('A failure of Kafka in one sentence', () => {
  it('names the login for a wrong password', () => {
    const refused = made('KafkaJSSASLAuthenticationError', 'SASL PLAIN authentication failed');
    expect(failureSentence(afterRetries(refused))).toMatch(/^Kafka refused the login .*KAFKA_SASL_PASSWORD$/);
  });

  it('names the right for a topic that the login may not use', () => {
    const given = { type: 'TOPIC_AUTHORIZATION_FAILED', code: 29, message: 'Not authorized to access topics' };
    expect(failureSentence(made('KafkaJSProtocolError', given))).toMatch(/^Kafka refused .*the login lacks a right/);
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'Connection error: self-signed certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "Connection error: Hostname/IP does not match certificate's altnames"],
  ])('names the CA for %s', (code, message) => {
    const failed = made('KafkaJSConnectionError', message, { broker: 'kafka:9092', code });
    expect(failureSentence(afterRetries(failed))).toMatch(/^The TLS connection to Kafka failed .*NODE_EXTRA_CA_CERTS/);
  });

  it('names the brokers for everything else, and leaves failures of others alone', () => {
    const failed = made('KafkaJSConnectionError', 'connect ECONNREFUSED', { code: 'ECONNREFUSED' });
    expect(plainFailure(failed)).toBe('Kafka failed (connect ECONNREFUSED): check KAFKA_BROKERS');
    const other = new Error('the database is away');
    expect(plainFailure(other)).toBe(other);
  });
});
