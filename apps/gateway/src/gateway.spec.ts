import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { openGateway, type Gateway, type Upstream } from './gateway.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function api(name: string): Promise<Upstream & { readonly server: Server }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => response.end(`${name}:${Buffer.concat(parts).toString()}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, server };
}

async function inFrontOf(upstreams: readonly Upstream[]): Promise<Gateway> {
  const gateway = await openGateway({ host: '127.0.0.1', port: 0, upstreams: () => Promise.resolve(upstreams) });
  closers.push(gateway.close);
  return gateway;
}

async function said({ url }: Gateway, body = ''): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body, headers: { connection: 'close' } });
  return answer.status === 200 ? answer.text() : `${answer.status} ${answer.headers.get('retry-after') ?? ''}`;
}

describe('the gateway', () => {
  it('hands connections on in turn, whatever they carry', async () => {
    const gateway = await inFrontOf([await api('one'), await api('two')]);
    const long = 'x'.repeat(1_000_000);
    expect([await said(gateway), await said(gateway)].sort()).toEqual(['one:', 'two:']);
    expect((await said(gateway, long)).length).toBe(long.length + 4);
  });

  it('passes one by that does not answer', async () => {
    const gone = await api('gone');
    await new Promise((resolve) => gone.server.close(resolve));
    const gateway = await inFrontOf([gone, await api('there')]);
    expect([await said(gateway), await said(gateway)]).toEqual(['there:', 'there:']);
  });

  it('says to come again where nobody answers', async () => {
    expect(await said(await inFrontOf([]))).toBe('503 1');
  });

  it('lets go of a caller whose process dies', async () => {
    const one = await api('one');
    const { url } = await inFrontOf([one]);
    const caller = connect(Number(new URL(url).port), '127.0.0.1');
    const [socket] = (await once(one.server, 'connection')) as [{ destroy: () => void }];
    socket.destroy();
    await once(caller, 'close');
    expect(caller.destroyed).toBe(true);
  });
});
