import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createDatabase, dropDatabase } from '#database';
import { LocalIssuer, requestsWithoutExample, Settings, startApp, type Role, type Running } from '#platform';
import { newFolder } from '../../../test/support/folder.js';
import { testServer } from '../../../test/support/server.js';
import { API } from './api.module.js';

let server: string;
let folder: string;
let issuer: LocalIssuer;
let running: readonly Running[];
const database = `barada_test_${randomBytes(6).toString('hex')}`;

beforeAll(async () => {
  server = await testServer();
  folder = await newFolder('api');
  issuer = await LocalIssuer.open(folder);
  const env = {
    DATABASE_URL: await createDatabase(server, database),
    BARADA_SECRET: randomBytes(32).toString('hex'),
    BARADA_ISSUER_KEY: issuer.publicText(),
    PORT: '0',
    LOG_LEVEL: 'silent',
  };
  // Concurrently, on a database that is still empty.
  const start = (): Promise<Running> => startApp(API, Settings.from(env), () => undefined);
  running = await Promise.all([start(), start()]);
});
afterAll(async () => {
  for (const { stop } of running) await stop();
  await dropDatabase(server, database);
  await rm(folder, { recursive: true });
});

async function ask(which: number, path: string, role: Role, body?: object): Promise<{ status: number; body: unknown }> {
  const caller = { handle: `${role}-1`, organisation: 'valley-media', roles: [role], party: null };
  const authorization = `Bearer ${await issuer.sign(caller, new Date(), 60)}`;
  const response = await fetch(`${running[which]?.url ?? ''}${path}`, {
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

describe('the api', () => {
  it('is not ready before there is a status to serve, and gives the reason', async () => {
    const notReady = { status: 503, body: { status: 'not_ready', because: ['facts has not caught up yet'] } };
    expect(await Promise.all([0, 1].map((which) => ask(which, '/health/ready', 'analyst')))).toEqual([
      notReady,
      notReady,
    ]);
  });

  it('accepts a report without Kafka and without a projector, and once only, whichever process gets it', async () => {
    const report = {
      ...{ id: randomUUID(), type: 'violation', kind: 'indirect_fire', means: 'heard' },
      ...{ occurred: { from: new Date(Date.now() - 60_000).toISOString() }, place: { region: 'SY030702' } },
    };
    const first = await ask(0, '/v1/reports', 'monitor', report);
    expect(first.status).toBe(201);
    expect(await ask(1, '/v1/reports', 'monitor', report)).toEqual({ status: 200, body: first.body });
    expect((await ask(1, `/v1/reports/${report.id}`, 'monitor')).status).toBe(200);
  });

  it('serves a valid OpenAPI document with all routes, and an AsyncAPI document of the topic', async () => {
    const { body } = await ask(0, '/openapi.json', 'analyst');
    expect(await new Validator().validate({ ...(body as object) })).toEqual({ valid: true });
    expect(requestsWithoutExample(body as Parameters<typeof requestsWithoutExample>[0])).toEqual([]);
    expect(body).toMatchObject({ paths: { '/v1/reports': {}, '/v1/status': {}, '/v1/alerts/stream': {} } });
    expect((await fetch(`${running[0]?.url ?? ''}/asyncapi.json`)).status).toBe(200);
  });
});
