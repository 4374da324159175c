// Apache Kafka from its jars: one process (broker and controller) with its own folder and ports.
import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';
import { kafkaJars } from './kafka-jars.js';
import { freePort } from './ports.js';
import { signal, waitForExit } from './postmaster.js';

const START_TIMEOUT_MS = 60_000;
const HOST = '127.0.0.1';
const CLUSTER = 'YmFyYWRhLWZvci10ZXN0cw';
const STARTED = 'Kafka Server started';
// A small heap and the serial collector, because several brokers may run at the same time.
const JAVA = ['-Xmx384m', '-Xms64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** A broker under the control of a test. It keeps its folder and ports through `kill` and `restart`. */
export type Broker = {
  /** Bootstrap addresses for Kafka clients. */
  readonly brokers: readonly string[];
  /** `SIGTERM`: a clean shutdown. */
  readonly stop: () => Promise<void>;
  /** `SIGKILL`; resolves once it is gone. */
  readonly kill: () => Promise<void>;
  /** `SIGSTOP`: connections stay open, but nothing is answered. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** Starts it again. Stops it first if it is running. */
  readonly restart: () => Promise<void>;
  /** Kills it and removes its data. */
  readonly discard: () => Promise<void>;
};

export type BrokerOptions = {
  /** The advertised port if it differs from the listening port, such as that of a proxy. */
  readonly advertisedPort?: number;
  readonly port?: number;
};

export async function startBroker(folder: string, options: BrokerOptions = {}): Promise<Broker> {
  const port = options.port ?? (await freePort());
  const controllerPort = await freePort();
  const advertisedPort = options.advertisedPort ?? port;
  const jars = await kafkaJars();
  await mkdir(folder, { recursive: true });
  const settings = join(folder, 'server.properties');
  await writeFile(settings, properties({ folder, port, controllerPort, advertisedPort }));
  const format = ['kafka.tools.StorageTool', 'format', '--standalone', '-t', CLUSTER, '-c', settings];
  await promisify(execFile)('java', [...JAVA, '-cp', jars, ...format]);
  let pid = await run(folder, jars);
  const end = async (how: NodeJS.Signals): Promise<void> => {
    signal(pid, 'SIGCONT');
    signal(pid, how);
    await waitForExit(pid);
  };
  return {
    brokers: [`${HOST}:${advertisedPort}`],
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    pause: () => Promise.resolve(void signal(pid, 'SIGSTOP')),
    resume: () => Promise.resolve(void signal(pid, 'SIGCONT')),
    restart: async () => {
      await end('SIGTERM');
      pid = await run(folder, jars);
    },
    discard: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The broker outlives this process, so its pid is written to the folder for the clean-up. */
async function run(folder: string, jars: string): Promise<number> {
  const logFile = join(folder, 'broker.log');
  const output = openSync(logFile, 'w');
  const child = spawn('java', [...JAVA, '-cp', jars, 'kafka.Kafka', join(folder, 'server.properties')], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error('java could not be started');
  await writeFile(join(folder, 'broker.pid'), String(pid));
  await eventually(() => {
    const logged = readFileSync(logFile, 'utf8');
    if (logged.includes(STARTED)) return;
    throw new Error(`the broker has not started:\n${logged.split('\n').slice(-20).join('\n')}`);
  }, START_TIMEOUT_MS);
  return pid;
}

type Place = {
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly advertisedPort: number;
};

function properties({ folder, port, controllerPort, advertisedPort }: Place): string {
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.bootstrap.servers': `${HOST}:${controllerPort}`,
    listeners: `PLAINTEXT://${HOST}:${port},CONTROLLER://${HOST}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${HOST}:${advertisedPort},CONTROLLER://${HOST}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // Lets tests use short session timeouts.
    'group.min.session.timeout.ms': 1_000,
    'auto.create.topics.enable': false,
    'log.retention.check.interval.ms': 1_000,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
