// Creates Kafka clients; nothing else does.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel, type ISocketFactoryArgs, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import { patchRequestQueue } from './request-queue-patch.js';

export type { Kafka } from 'kafkajs';

/** How to reach the brokers: the client's part of the settings. */
export type KafkaAccess = {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  readonly sasl: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  } | null;
};

export type KafkaLogLine = {
  readonly level: 'error' | 'warn' | 'info';
  readonly message: string;
  readonly broker: string | null;
};

export type KafkaOptions = {
  /** Shown in the brokers' logs and metrics. */
  readonly clientId: string;
  readonly log: (line: KafkaLogLine) => void;
};

const CONNECTION_TIMEOUT_MS = 3_000;
const AUTHENTICATION_TIMEOUT_MS = 5_000;
// A paused broker keeps its connections open and answers nothing.
const REQUEST_TIMEOUT_MS = 10_000;
// An idle connection whose peer is gone without a word is closed after this and ten more probes, one a second.
const KEEP_ALIVE_MS = 10_000;
// The client's own pauses grow to 30 s, which a broker's restart does not need. Our callers retry for ever.
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 };

patchRequestQueue();

export function kafkaClient({ brokers, ssl, sasl }: KafkaAccess, { clientId, log }: KafkaOptions): Kafka {
  const config: KafkaConfig = {
    clientId,
    brokers: [...brokers],
    ssl,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    authenticationTimeout: AUTHENTICATION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    retry: RETRY,
    socketFactory: openSocket,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      log(lineOf(entry));
    },
  };
  return new Kafka(sasl === null ? config : { ...config, sasl: login(sasl) });
}

/** As the client's own, with a shorter keep-alive: the client's is 60 s. */
function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  // The client's type does not say that it is absent or false without TLS.
  const usesTls = Boolean(ssl);
  const socket = usesTls
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS);
}

// One case each: the client's type ties each mechanism to its own options.
function login({ mechanism, username, password }: NonNullable<KafkaAccess['sasl']>): SASLOptions {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}

// Nothing else of an entry: at other levels the client adds complete requests, and the stacks of its errors do not help.
function lineOf({ level, log }: LogEntry): KafkaLogLine {
  const broker: unknown = log['broker'];
  return { level: nameOf(level), message: log.message, broker: typeof broker === 'string' ? broker : null };
}

function nameOf(level: logLevel): KafkaLogLine['level'] {
  if (level === logLevel.ERROR) return 'error';
  return level === logLevel.WARN ? 'warn' : 'info';
}
