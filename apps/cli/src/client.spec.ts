import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalIssuer, Settings } from '#platform';
import { Client } from './client.js';
import { Failure } from './failure.js';

let folder: string;
let server: Server;
let url: string;
const received: { method: string | undefined; path: string | undefined; sub: string | undefined }[] = [];

function record(request: IncomingMessage): void {
  const token = request.headers.authorization?.replace('Bearer ', '');
  received.push({
    method: request.method,
    path: request.url,
    sub: token === undefined ? undefined : decodeJwt(token).sub,
  });
}

beforeEach(async () => {
  received.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'barada-client-'));
  server = createServer((request, response) => {
    record(request);
    response.statusCode = request.url === '/no' ? 409 : 200;
    response.setHeader('connection', 'close').end(JSON.stringify({ detail: 'It has been withdrawn.' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const MONITOR = { sub: 'abu-x', roles: ['monitor'], org: 'snhr' } as const;

describe('the client', () => {
  it('sends each request as the given user', async () => {
    await LocalIssuer.open(folder);
    const client = await Client.open(Settings.from({ BARADA_DIR: folder, BARADA_URL: url }));
    await client.send(MONITOR, '/v1/reports', { body: {} });
    await client.send({ sub: 'ana', roles: ['analyst'] }, '/v1/status');
    expect(received).toEqual([
      { method: 'GET', path: '/health/live', sub: undefined },
      { method: 'POST', path: '/v1/reports', sub: 'abu-x' },
      { method: 'GET', path: '/v1/status', sub: 'ana' },
    ]);
  });

  it('throws the detail of a refusal, or returns it as an answer', async () => {
    await LocalIssuer.open(folder);
    const client = await Client.open(Settings.from({ BARADA_DIR: folder, BARADA_URL: url }));
    await expect(client.send(MONITOR, '/no')).rejects.toThrow(new Failure('/no answered 409: It has been withdrawn.'));
    expect(await client.try(MONITOR, '/no')).toMatchObject({ status: 409 });
  });

  it('names the folder without a key and the address that does not answer', async () => {
    await expect(Client.open(Settings.from({ BARADA_DIR: folder, BARADA_URL: url }))).rejects.toThrow(
      /^There is no key in/,
    );
    await LocalIssuer.open(folder);
    const nobody = Settings.from({ BARADA_DIR: folder, BARADA_URL: 'http://127.0.0.1:1' });
    await expect(Client.open(nobody)).rejects.toThrow(/^Nothing answers at http:\/\/127.0.0.1:1: start Barada/);
  });
});
