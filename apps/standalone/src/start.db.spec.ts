import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool, closePool } from '#database';
import { LocalIssuer, requestsWithoutExample, startFailureMessage, Settings, type Running } from '#platform';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { start } from './start.js';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'barada-start-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const NO_OPTIONS = { noAuth: false };

function settings(env: Record<string, string> = {}): Settings {
  return Settings.from({ BARADA_DIR: folder, DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'silent', ...env });
}

async function startError(env: Record<string, string>, options = NO_OPTIONS): Promise<string> {
  try {
    await (await start(settings(env), options, () => undefined)).stop();
    return 'it started';
  } catch (error) {
    return startFailureMessage(error);
  }
}

async function get(running: Running, path: string): Promise<{ status: number; body: unknown }> {
  const token = await (
    await LocalIssuer.open(folder)
  ).sign({ handle: 'ana', organisation: '', roles: ['analyst', 'operator'], party: null }, new Date(), 60);
  const response = await fetch(`${running.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.json() };
}

describe('the standalone app', () => {
  it('starts, prints the next steps, and keeps its data', async () => {
    const printed: string[] = [];
    const first = await start(settings(), NO_OPTIONS, (text) => printed.push(text));
    expect(printed.join()).toContain(`Barada is ready at ${first.url}`);
    await eventually(async () => {
      expect((await get(first, '/health/ready')).status).toBe(200);
    });
    expect(await get(first, '/v1/regions/wadi-barada')).toMatchObject({ status: 200, body: { code: 'wadi-barada' } });
    const { position } = await database.log.head();
    await first.stop();
    await expect(fetch(first.url)).rejects.toThrow();

    const second = await start(settings(), NO_OPTIONS, () => undefined);
    expect((await database.log.head()).position).toBe(position);
    await second.stop();
  });

  it('prints a complete first report', async () => {
    const printed: string[] = [];
    await (await start(settings(), NO_OPTIONS, (text) => printed.push(text))).stop();
    const report = /-d '(.*)'/.exec(printed.join())?.[1];
    expect(JSON.parse(report ?? '')).toMatchObject({ type: 'violation', place: { region: 'SY030702' } });
  });

  it('serves a valid OpenAPI document with an example for every request', async () => {
    const running = await start(settings(), NO_OPTIONS, () => undefined);
    const document = (await get(running, '/openapi.json')).body as Parameters<typeof requestsWithoutExample>[0];
    await running.stop();
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
    expect(requestsWithoutExample(document)).toEqual([]);
  });

  it('accepts requests without tokens only on loopback, and warns about it', async () => {
    const printed: string[] = [];
    const running = await start(settings(), { noAuth: true }, (text) => printed.push(text));
    expect((await fetch(`${running.url}/v1/regions`)).status).toBe(200);
    await running.stop();
    expect(printed.join()).toContain('EVERYBODY');
    expect(await startError({ HOST: '0.0.0.0' }, { noAuth: true })).toMatch(
      /^--no-auth works only on loopback, and HOST is 0.0.0.0.*\.$/,
    );
  });
});

describe('a start that fails', () => {
  it('names the port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await startError({ PORT: String(port) })).toBe(
      `Port ${port} of 127.0.0.1 is in use: stop the process that listens there, or set PORT to another port.`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('names an unreachable database without its password', async () => {
    const sentence = await startError({ DATABASE_URL: 'postgres://me:s3cret@127.0.0.1:1/x' });
    expect(sentence).toMatch(/^The database of DATABASE_URL cannot be used \(.*ECONNREFUSED.*\): start it.*\.$/);
    expect(sentence).not.toContain('s3cret');
  });

  it('names a database of a newer version', async () => {
    const owner = openPool(database.url, { applicationName: 'test', connections: 1 });
    await owner`insert into migrations (number, name, digest) values (9999, '9999-from-the-future.sql', '')`;
    expect(await startError({})).toMatch(/^This database was made by a newer version of Barada.*9999.*\.$/);
    await owner`delete from migrations where number = 9999`;
    await closePool(owner);
  });
});
