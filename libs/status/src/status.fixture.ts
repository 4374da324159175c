// A running system for tests: a real log, the profile, the facts projection, the routes, and a settable clock.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  DAY,
  type DomainEvent,
  type EventType,
  type Instant,
  type ObservationContent,
  type ViolationContent,
} from '#domain';
import {
  PostgresConfidentialReader,
  type CommandMeta,
  type Json,
  type NewEvent,
  type Position,
  type StoredEvent,
} from '#event-log';
import {
  Clock,
  createApp,
  PlatformModule,
  Pseudonyms,
  ROLES,
  Settings,
  TokenVerifier,
  type Caller,
  type Role,
} from '#platform';
import { loadAstanaProfile } from '#profile';
import { PostgresCheckpoints, ProjectionRunner } from '#projection';
import { Registry, RegistryModule } from '#registry';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Assessments } from './assessment/assessments.js';
import { FACTS } from './facts/facts.projection.js';
import { Knowledge } from './known/knowledge.js';
import { PastCourses } from './past/past-courses.js';
import { StatusModule } from './status.module.js';
import { StatusWatch } from './watch/status-watch.js';

const PATIENCE_MS = 20_000;

export class HandClock extends Clock {
  constructor(public instant: Instant) {
    super();
  }
  override now(): Instant {
    return this.instant;
  }
}

/** The memory modes of a process and their settings. */
export const HELD: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['With all facts in memory', {}],
  ['With only the facts of the last weeks in memory', { HELD_WHOLE_INCIDENTS: '0' }],
];

type Write = readonly [stream: string, ...events: NewEvent[]];

/** Each token is the name of its role. */
class RoleTokens extends TokenVerifier {
  override callerOf(token: string | null): Promise<Caller> {
    const roles = ROLES.filter((role) => role === token);
    return Promise.resolve({
      handle: 'somebody',
      organisation: '',
      roles,
      party: roles[0] === 'officer' ? 'RU' : null,
    });
  }
}

export type Body = Record<string, unknown>;

export class TestSystem {
  private constructor(
    readonly database: TestDatabase,
    readonly clock: HandClock,
    readonly app: NestFastifyApplication,
    readonly checkpoints: PostgresCheckpoints,
    private readonly settings: Settings,
    private readonly runner: ProjectionRunner,
  ) {}

  static async start(now: Instant, env: Readonly<Record<string, string>> = {}): Promise<TestSystem> {
    const settings = Settings.from(env);
    const database = await openTestDatabase();
    await loadAstanaProfile(database.log);
    const checkpoints = new PostgresCheckpoints(database.databases.analysis);
    const clock = new HandClock(now);
    const { databases, log } = database;
    const parts = { log, sql: databases.analysis, checkpoints, now: () => clock.now(), onFailure };
    const running: ProjectionRunner[] = [];
    const platform = PlatformModule.with({
      settings,
      clock,
      databases,
      log,
      confidential: new PostgresConfidentialReader(databases),
      checkpoints,
      pseudonyms: new Pseudonyms(Buffer.alloc(32)),
      tokens: new RoleTokens(),
      runner: (projections) => {
        const made = new ProjectionRunner({ ...parts, projections });
        running.push(made);
        return made;
      },
    });
    @Module({ imports: [platform, RegistryModule, StatusModule] })
    class SystemModule {}
    const app = await createApp(SystemModule, settings);
    await app.init();
    const [runner] = running;
    if (!runner) throw new Error('the platform runs the projections');
    return new TestSystem(database, clock, app, checkpoints, settings, runner);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  stopFolding(): Promise<void> {
    return this.runner.stop();
  }

  /** A status watch like that of a process; each call simulates another process. */
  watch(): StatusWatch {
    return new StatusWatch({
      log: this.database.log,
      sql: this.database.databases.analysis,
      checkpoints: this.checkpoints,
      knowledge: this.knowledge(),
      assessments: new Assessments(),
      clock: this.clock,
      alertWithin: 30 * DAY,
      onFailure: (error) => {
        throw error;
      },
      onAnnounced: () => undefined,
    });
  }

  /** The knowledge of another process. */
  knowledge(): Knowledge {
    const { databases } = this.database;
    return new Knowledge(
      databases,
      this.checkpoints,
      this.app.get(Registry),
      this.clock,
      new PastCourses(databases),
      this.settings,
    );
  }

  /** Appends the events of one command, each to its own stream or all to one, and waits for the facts. */
  append(...writes: readonly Write[]): Promise<Position> {
    return this.appendOn({ correlation: randomUUID() }, ...writes);
  }

  /** The same with this trace context. */
  async appendOn(
    trail: Pick<CommandMeta, 'correlation' | 'traceparent'>,
    ...writes: readonly Write[]
  ): Promise<Position> {
    const { log } = this.database;
    const outcome = await log.append({
      writes: await Promise.all(
        writes.map(async ([stream, ...events]) => ({
          stream,
          expected: (await log.readStream(stream)).length,
          events,
        })),
      ),
      meta: { by: { who: 'pseudonym', role: 'monitor', party: null }, fingerprint: null, ...trail },
    });
    if (outcome.kind !== 'appended') throw new Error(`not appended: ${outcome.kind}`);
    if (!(await this.checkpoints.isReached(FACTS, outcome.position, PATIENCE_MS)))
      throw new Error('the facts did not reach the position in time');
    return outcome.position;
  }

  async get(path: string, role: Role = 'analyst'): Promise<{ readonly status: number; readonly body: Body }> {
    const answer = await this.app.inject({ url: path, headers: { authorization: `Bearer ${role}` } });
    return { status: answer.statusCode, body: answer.json<Body>() };
  }

  async announced(): Promise<readonly StoredEvent[]> {
    const { position } = await this.database.log.head();
    const types = [
      'StatusChanged',
      'StatusRestated',
      'RedLineMet',
      'RedLineCleared',
      'CoverageLost',
      'CoverageRestored',
    ];
    return this.database.log.readTypes(types as EventType[], 0, position);
  }
}

export const VALLEY = ['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada'];

export function violation(over: Partial<ViolationContent> = {}): ViolationContent {
  return {
    occurred: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T11:00:00Z', precision: 'hour' },
    place: { region: 'SY030702', regions: VALLEY, precision: null },
    kind: 'indirect_fire',
    severity: 'grave',
    means: 'seen',
    accused: ['saa'],
    target: 'civilians',
    casualties: { killed: null, injured: null },
    quantity: null,
    language: null,
    evidenceCount: 0,
    ...over,
  };
}

function onFailure(projection: string, error: unknown): never {
  throw new Error(`${projection} failed`, { cause: error });
}

type Reported = {
  readonly incident: string;
  readonly report: string;
  readonly writes: readonly [string, ...NewEvent[]][];
};

/** A first report, which opens its incident. */
export function reported(content: ViolationContent, confidential?: Readonly<Record<string, Json>>): Reported {
  const [report, incident] = [randomUUID(), randomUUID()];
  const source = { monitor: `m-${report}`, organisation: 'o-1' };
  const submitted: DomainEvent = {
    type: 'ReportSubmitted',
    data: { report, incident, type: 'violation', source, flags: [], content },
  };
  const opened: DomainEvent = { type: 'IncidentOpened', data: { incident, report, splitFrom: null, carried: [] } };
  return {
    incident,
    report,
    writes: [
      [`report-${report}`, { event: submitted, key: incident, ...(confidential ? { confidential } : {}) }],
      [`incident-${incident}`, { event: opened, key: incident }],
    ],
  };
}

export function verified(incident: string, level: 'verified_remote' | 'refuted'): [string, NewEvent] {
  const event: DomainEvent = { type: 'VerificationSet', data: { incident, level, severity: null } };
  return [`incident-${incident}`, { event, key: incident }];
}

export function observed(
  type: 'nil' | 'access_denied',
  region: string,
  [from, to]: readonly [Instant, Instant],
): [string, NewEvent] {
  const report = randomUUID();
  const content: ObservationContent = {
    observed: { from, to },
    area: {
      region,
      regions: ['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada'].filter(
        (code) => region.startsWith(code) || region === code,
      ),
      precision: null,
    },
    means: type === 'nil' ? 'seen' : null,
    deniedBy: type === 'nil' ? null : 'saa',
  };
  const source = { monitor: 'm-2', organisation: 'o-2' };
  const event: DomainEvent = { type: 'ReportSubmitted', data: { report, type, source, flags: [], content } };
  return [`report-${report}`, { event, key: region }];
}
