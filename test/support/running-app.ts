// Features over HTTP for one spec file, with a real log, the Astana profile in the registry, and real tokens.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PostgresConfidentialReader } from '#event-log';
import {
  createApp,
  LocalIssuer,
  localIssuer,
  PlatformModule,
  Pseudonyms,
  JwtVerifier,
  type Caller,
  type Foundations,
} from '#platform';
import { loadAstanaProfile } from '#profile';
import { PostgresCheckpoints, ProjectionRunner } from '#projection';
import { RegistryModule } from '#registry';
import { bareFoundations } from './bare-foundations.js';
import { openTestDatabase, type TestDatabase } from './database.js';

const TOKEN_SECONDS = 3_600;

export type TestUser = Partial<Caller> & Pick<Caller, 'handle' | 'roles'>;

export type ApiResponse = {
  readonly status: number;
  readonly etag: string | undefined;
  // Tests know the shape of what they requested.
  readonly body: Record<string, unknown>;
};

export type RunningApp = {
  readonly app: NestFastifyApplication;
  readonly database: TestDatabase;
  readonly url: string;
  readonly pseudonyms: Pseudonyms;
  readonly token: (user: TestUser) => Promise<string>;
  readonly post: (path: string, body: object, user: TestUser, headers?: Record<string, string>) => Promise<ApiResponse>;
  readonly get: (path: string, user: TestUser) => Promise<ApiResponse>;
  readonly close: () => Promise<void>;
};

/** Runs `features` (modules, as in a composition). `given` replaces foundations. */
export async function runApp(features: readonly Type[], given: Partial<Foundations> = {}): Promise<RunningApp> {
  const folder = await mkdtemp(join(tmpdir(), 'barada-app-'));
  const database = await openTestDatabase();
  const issuer = await LocalIssuer.open(folder);
  const pseudonyms = new Pseudonyms(Buffer.alloc(32, 7));
  const foundations = bareFoundations({
    databases: database.databases,
    log: database.log,
    confidential: new PostgresConfidentialReader(database.databases),
    tokens: new JwtVerifier([localIssuer(issuer)], 'use RunningApp.token'),
    pseudonyms,
    ...projecting(database),
    ...given,
  });
  await loadAstanaProfile(database.log);
  const app = await createApp(composition(features, foundations), foundations.settings);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const token = (user: TestUser): Promise<string> =>
    issuer.sign({ organisation: '', party: null, ...user }, new Date(), TOKEN_SECONDS);

  async function ask(path: string, user: TestUser, init: RequestInit): Promise<ApiResponse> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${await token(user)}`);
    const answer = await fetch(`${url}${path}`, { ...init, headers });
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, etag: answer.headers.get('etag') ?? undefined, body };
  }

  return {
    app,
    database,
    url,
    pseudonyms,
    token,
    post: (path, body, user, headers = {}) =>
      ask(path, user, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    get: (path, user) => ask(path, user, {}),
    close: async () => {
      await app.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Runs the projections of the features as standalone does. */
function projecting({ databases, log }: TestDatabase): Pick<Foundations, 'checkpoints' | 'runner'> {
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const now = (): string => new Date().toISOString();
  const onFailure = (projection: string, error: unknown): void => {
    console.error(projection, error);
  };
  return {
    checkpoints,
    runner: (projections) =>
      new ProjectionRunner({ log, sql: databases.analysis, projections, checkpoints, now, onFailure }),
  };
}

@Module({})
class Composition {}

function composition(features: readonly Type[], foundations: Foundations): DynamicModule {
  return { module: Composition, imports: [PlatformModule.with(foundations), RegistryModule, ...features] };
}
