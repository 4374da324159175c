// The distributed system as operators run it: separate processes on one database and one Kafka.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '#database';
import { LocalIssuer } from '#platform';
import { Client } from './client.js';
import { buildOnce, startProcess, type AppProcess } from './process.js';

export const APPS = ['api', 'relay', 'projector', 'alerter'] as const;
export type App = (typeof APPS)[number];

export type DistributedOptions = {
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions?: number;
  /** The folder with the token issuer's key. */
  readonly folder: string;
  /** Additional settings. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Number of processes to start per app. */
export type ProcessCounts = Readonly<Record<App, number>>;

export class Distributed {
  readonly #running = new Map<App, AppProcess[]>(APPS.map((app) => [app, []]));

  private constructor(
    readonly folder: string,
    readonly brokers: readonly string[],
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** The database may be empty or already in use. Creates the topic if it is missing. */
  static async open({
    databaseUrl,
    brokers,
    topic,
    partitions = 3,
    folder,
    env = {},
  }: DistributedOptions): Promise<Distributed> {
    const issuer = await LocalIssuer.open(folder);
    const system = new Distributed(folder, brokers, {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: brokers.join(','),
      KAFKA_TOPIC: topic,
      KAFKA_PARTITIONS: String(partitions),
      BARADA_SECRET: randomBytes(32).toString('hex'),
      BARADA_ISSUER_KEY: issuer.publicText(),
      BARADA_DIR: folder,
      WEBHOOK_ALLOW: '127.0.0.1',
      ...env,
    });
    await system.runCli('migrate');
    await system.runCli('topics');
    return system;
  }

  /** Runs `npx barada ...` and returns its output. */
  async runCli(...args: readonly string[]): Promise<string> {
    await buildOnce();
    const main = join(packageRoot(), 'dist/apps/cli/src/main.js');
    const env = { PATH: process.env['PATH'], ...this.env };
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { env });
    return stdout;
  }

  async start(crew: ProcessCounts): Promise<void> {
    await Promise.all(APPS.flatMap((app) => Array.from({ length: crew[app] }, () => this.add(app))));
  }

  async add(app: App): Promise<AppProcess> {
    const running = await startProcess(app, this.env);
    this.running(app).push(running);
    return running;
  }

  /** kill -9. */
  async kill(app: App, running: AppProcess): Promise<void> {
    const crew = this.running(app);
    crew.splice(crew.indexOf(running), 1);
    await running.kill();
  }

  running(app: App): AppProcess[] {
    return this.#running.get(app) ?? [];
  }

  get processes(): readonly (readonly [App, AppProcess])[] {
    return APPS.flatMap((app) => this.running(app).map((running) => [app, running] as const));
  }

  /** A client of one api process. */
  client(which = 0): Promise<Client> {
    const api = this.running('api')[which];
    if (!api) throw new Error('no api process is running');
    return Client.of(api.url, this.folder);
  }

  /** Stops all processes with SIGTERM and returns their exit codes. */
  async stop(): Promise<readonly (number | null)[]> {
    const crews = APPS.flatMap((app) => this.running(app).splice(0));
    return Promise.all(crews.map((running) => running.stop()));
  }

  async killAll(): Promise<void> {
    await Promise.all(APPS.flatMap((app) => this.running(app).splice(0)).map((running) => running.kill()));
  }
}
