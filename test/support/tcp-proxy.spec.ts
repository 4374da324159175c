import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';
import { TcpProxy } from './tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;
beforeEach(async () => {
  const port = await freePort();
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(port, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.to(port);
});
afterEach(async () => {
  await proxy.close();
  echo.close();
});

async function client(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function answer(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

describe('A TCP proxy', () => {
  it('forwards data in both directions', async () => {
    const socket = await client();
    expect(await answer(socket, 'salaam')).toBe('salaam');
    socket.destroy();
    await eventually(() => {
      expect(proxy.open).toBe(0);
    });
  });

  it('resets open connections and accepts new ones', async () => {
    const socket = await client();
    await answer(socket, 'one');
    const failed = once(socket, 'error') as Promise<[NodeJS.ErrnoException]>;
    // `once` rejects if an error event comes first, so `failed` is created before the reset.
    proxy.resetAll();
    expect((await failed)[0].code).toBe('ECONNRESET');
    const next = await client();
    expect(await answer(next, 'two')).toBe('two');
    expect(proxy.accepted).toBe(2);
    next.destroy();
  });

  it('refuses new connections while open ones keep working, until it accepts again', async () => {
    const socket = await client();
    await answer(socket, 'one');
    await proxy.refuse();
    await expect(client()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await answer(socket, 'two')).toBe('two');
    await proxy.accept();
    const next = await client();
    expect(await answer(next, 'three')).toBe('three');
    next.destroy();
    socket.destroy();
  });

  it('holds data back while it is stalled, and forwards it afterwards', async () => {
    const socket = await client();
    await answer(socket, 'one');
    proxy.stall();
    const later = await client();
    const received: string[] = [];
    for (const one of [socket, later]) one.on('data', (bytes: Buffer) => received.push(bytes.toString()));
    socket.write('two');
    later.write('three');
    // Another proxy to the same server answers meanwhile, so the missing data is held back and not merely in flight.
    const other = await TcpProxy.to((echo.address() as { port: number }).port);
    const beside = connect(other.port, '127.0.0.1');
    expect(await answer(beside, 'four')).toBe('four');
    expect(received).toEqual([]);
    proxy.resume();
    await eventually(() => {
      expect(received.sort()).toEqual(['three', 'two']);
    });
    beside.destroy();
    await other.close();
    socket.destroy();
    later.destroy();
  });
});
