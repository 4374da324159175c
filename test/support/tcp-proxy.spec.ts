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
  it('passes on what both sides say', async () => {
    const socket = await client();
    expect(await answer(socket, 'salaam')).toBe('salaam');
    socket.destroy();
    await eventually(() => {
      expect(proxy.open).toBe(0);
    });
  });

  it('cuts what is open and takes new connections', async () => {
    const socket = await client();
    await answer(socket, 'one');
    const failed = once(socket, 'error') as Promise<[NodeJS.ErrnoException]>;
    // `once` fails with an error that comes while it waits for something else.
    proxy.cut();
    expect((await failed)[0].code).toBe('ECONNRESET');
    const next = await client();
    expect(await answer(next, 'two')).toBe('two');
    expect(proxy.accepted).toBe(2);
    next.destroy();
  });

  it('refuses new connections while the open ones go on, until it accepts again', async () => {
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

  it('holds back what is said while it is stalled, and passes it on afterwards', async () => {
    const socket = await client();
    await answer(socket, 'one');
    proxy.stall();
    const later = await client();
    const heard: string[] = [];
    for (const one of [socket, later]) one.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
    socket.write('two');
    later.write('three');
    // Another proxy to the same server answers meanwhile, so what is missing here is held back and not on its way.
    const other = await TcpProxy.to((echo.address() as { port: number }).port);
    const beside = connect(other.port, '127.0.0.1');
    expect(await answer(beside, 'four')).toBe('four');
    expect(heard).toEqual([]);
    proxy.resume();
    await eventually(() => {
      expect(heard.sort()).toEqual(['three', 'two']);
    });
    beside.destroy();
    await other.close();
    socket.destroy();
    later.destroy();
  });
});
