// Apache Kafka in a container, if Docker is running and TEST_CONTAINERS=1 is set.
import { execFile, execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Broker, BrokerOptions } from './kafka-broker.js';
import { KAFKA_VERSION } from './kafka-jars.js';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 60_000;
// As in docker-compose.yml: Kafka rewrites its configuration at each start, even if the image has read-only files.
const START = 'chmod -R u+w /opt/kafka/config /etc/kafka/docker; exec /etc/kafka/docker/run';
const STARTED = /Kafka Server started/g;

/** Null if containers can be used; otherwise what is missing. */
export function whyNoContainers(): string | null {
  if (process.env['TEST_CONTAINERS'] !== '1') return 'set TEST_CONTAINERS=1';
  try {
    execFileSync('docker', ['info', '--format', '{{.ServerVersion}}'], { stdio: 'pipe' });
    return null;
  } catch {
    return 'start Docker';
  }
}

/**
 * The Kafka module of testcontainers supports other images only. A broker advertises its own address, so the port is
 * chosen before the start; it stays the same through kills and restarts.
 */
export async function startContainer(folder: string, options: BrokerOptions = {}): Promise<Broker> {
  // cluster-files.mjs removes the container instead.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = options.port ?? (await freePort());
  const advertisedPort = options.advertisedPort ?? port;
  const container = await new GenericContainer(`apache/kafka:${KAFKA_VERSION}`)
    .withExposedPorts({ container: 9092, host: port })
    .withCommand(['sh', '-c', START])
    .withEnvironment(environment(advertisedPort))
    .withWaitStrategy(Wait.forLogMessage(STARTED))
    .withStartupTimeout(START_TIMEOUT_MS)
    .start();
  const id = container.getId();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'container.id'), id);
  const docker = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)('docker', args);
    return stdout + stderr;
  };
  const starts = async (): Promise<number> => ((await docker('logs', id)).match(STARTED) ?? []).length;
  return {
    brokers: [`${HOST}:${advertisedPort}`],
    stop: async () => {
      await docker('stop', id);
    },
    kill: async () => {
      await docker('kill', id);
    },
    pause: async () => {
      await docker('pause', id);
    },
    resume: async () => {
      await docker('unpause', id);
    },
    restart: async () => {
      const before = await starts();
      await docker('restart', id);
      await eventually(async () => {
        if ((await starts()) === before) throw new Error('the broker has not started');
      }, START_TIMEOUT_MS);
    },
    discard: async () => {
      await docker('rm', '--force', '--volumes', id);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// A single KAFKA_ variable disables all defaults of the image, so every setting is listed.
function environment(advertisedPort: number): Record<string, string> {
  return {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9094',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENERS: 'HOST://:9092,NETWORK://:9093,CONTROLLER://:9094',
    KAFKA_ADVERTISED_LISTENERS: `HOST://${HOST}:${advertisedPort},NETWORK://localhost:9093`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'HOST:PLAINTEXT,NETWORK:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'NETWORK',
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '3',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_LOG_RETENTION_CHECK_INTERVAL_MS: '1000',
  };
}
