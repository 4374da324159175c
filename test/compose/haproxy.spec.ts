// The load balancer of docker-compose.yml with fake api processes. Needs HAProxy (Debian package haproxy).
import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { packageRoot } from '#database';
import { eventually } from '../support/eventually.js';
import { newFolder } from '../support/folder.js';
import { freePort } from '../support/ports.js';

const IS_INSTALLED = spawnSync('haproxy', ['-v']).error === undefined;
if (!IS_INSTALLED) process.stderr.write('SKIPPED, because HAProxy is not installed: test/compose/haproxy.spec.ts\n');
const describeWithHaproxy = IS_INSTALLED ? describe : describe.skip;

type FakeApi = { readonly port: number; isReady: boolean; readonly paths: string[]; readonly server: Server };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startApi(name: string): Promise<FakeApi> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/health/ready') {
      response.writeHead(api.isReady ? 200 : 503).end();
      return;
    }
    paths.push(request.url ?? '');
    request.resume().on('end', () => setTimeout(() => response.end(name), request.url === '/slow' ? 3_000 : 0));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: FakeApi = { port: (server.address() as AddressInfo).port, isReady: true, paths, server };
  closers.push(() => kill(api));
  return api;
}

async function kill({ server }: FakeApi): Promise<void> {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}

/** The configuration of the repository, with the addresses of the fake api processes instead of Docker's DNS. */
async function startHaproxy(apis: readonly { readonly port: number }[]): Promise<string> {
  const port = await freePort();
  const servers = apis.map((api, index) => `  server api${index} 127.0.0.1:${api.port}`).join('\n');
  const config = readFileSync(join(packageRoot(), 'apps/compose/haproxy/haproxy.cfg'), 'utf8')
    .replace(/^ {2}server-template .*$/gm, servers)
    .replace('bind :3000', `bind 127.0.0.1:${port}`);
  const file = join(await newFolder('haproxy'), 'haproxy.cfg');
  writeFileSync(file, config);
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  closers.push(() => stop(child));
  const url = `http://127.0.0.1:${port}`;
  await eventually(() => fetch(url));
  return url;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || !child.kill('SIGKILL')) return;
  await once(child, 'exit');
}

async function answers(url: string, count: number): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let index = 0; index < count; index += 1)
    texts.push(await (await fetch(url, { method: 'POST', body: 'x' })).text());
  return texts;
}

describeWithHaproxy('the load balancer', () => {
  it('spreads requests over all processes', async () => {
    const url = await startHaproxy([await startApi('one'), await startApi('two')]);
    expect(new Set(await answers(url, 6))).toEqual(new Set(['one', 'two']));
  });

  it('answers every request if a process dies, before a health check has noticed', async () => {
    const [one, two] = [await startApi('one'), await startApi('two')];
    const url = await startHaproxy([one, two]);
    await kill(one);
    expect(new Set(await answers(url, 10))).toEqual(new Set(['two']));
  });

  it('sends nothing to a process that is not ready, lets it finish what it has, and returns to it later', async () => {
    const [one, two] = [await startApi('one'), await startApi('two')];
    const url = await startHaproxy([one, two]);
    const slow = await Promise.all([0, 1].map(() => fetch(`${url}/slow`)).map((answer) => answer));
    expect(slow.map(({ status }) => status)).toEqual([200, 200]);
    const pending = [0, 1].map(async () => (await fetch(`${url}/slow`)).text());
    await eventually(() => {
      expect(one.paths.filter((path) => path === '/slow')).toHaveLength(2);
    });
    one.isReady = false;
    await eventually(async () => {
      expect(new Set(await answers(url, 4))).toEqual(new Set(['two']));
    });
    expect((await Promise.all(pending)).sort()).toEqual(['one', 'two']);
    one.isReady = true;
    await eventually(async () => {
      expect(new Set(await answers(url, 4))).toEqual(new Set(['one', 'two']));
    });
  });

  it('uses a process that is not ready if there is no other, so that its own answer reaches the client', async () => {
    const [one, gone] = [await startApi('one'), await startApi('gone')];
    one.isReady = false;
    await kill(gone);
    const url = await startHaproxy([one, gone]);
    await eventually(async () => {
      expect(new Set(await answers(url, 4))).toEqual(new Set(['one']));
    });
  });

  it('answers 503 with Retry-After if there is no process at all', async () => {
    const url = await startHaproxy([{ port: await freePort() }]);
    await eventually(async () => {
      const answer = await fetch(url);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({ status: 503 });
    });
  });
});
