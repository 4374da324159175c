// One port in front of any number of api processes: hands each connection on to one of them, in turn.
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Gateway = { readonly url: string; readonly close: () => Promise<void> };

export type GatewayOptions = {
  readonly host: string;
  readonly port: number;
  /** All addresses of the processes behind it, as they are now: asked for each connection. */
  readonly upstreams: () => Promise<readonly Upstream[]>;
};

export type Upstream = { readonly host: string; readonly port: number };

// A process that is there accepts at once; one that is not should not keep a caller waiting for the next.
const CONNECT_MS = 1_000;
const CLOSE_PATIENCE_MS = 5_000;

const NOBODY = JSON.stringify({
  type: 'about:blank',
  title: 'Service Unavailable',
  status: 503,
  detail: 'No process answers here just now; nothing was stored, send it again.',
});
const NOBODY_ANSWERS = [
  'HTTP/1.1 503 Service Unavailable',
  'content-type: application/problem+json',
  `content-length: ${Buffer.byteLength(NOBODY)}`,
  'retry-after: 1',
  'connection: close',
  '',
  NOBODY,
].join('\r\n');

/** The addresses that a name has, such as those of a service's containers. */
export function addressesOf(host: string, port: number): () => Promise<readonly Upstream[]> {
  return async () => (await lookup(host, { all: true })).map(({ address }) => ({ host: address, port }));
}

export async function openGateway({ host, port, upstreams }: GatewayOptions): Promise<Gateway> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (caller) => {
    open.add(caller);
    caller.on('close', () => open.delete(caller));
    turn += 1;
    void handOn(caller, upstreams, turn);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { address, port: taken, family } = server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`, close: () => closed(server, open) };
}

async function handOn(caller: Socket, upstreams: GatewayOptions['upstreams'], turn: number): Promise<void> {
  caller.on('error', () => caller.destroy());
  const found = await upstreams().catch(() => []);
  const inTurn = found.map((_, index) => found[(index + turn) % found.length]);
  for (const upstream of inTurn) {
    const socket = upstream === undefined ? null : await connected(upstream);
    if (socket !== null) {
      join(caller, socket);
      return;
    }
  }
  caller.resume(); // what it still sends is of no use, and must not hold up the end
  caller.end(NOBODY_ANSWERS);
}

/** Null where nobody accepts in time. */
async function connected({ host, port }: Upstream): Promise<Socket | null> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
    return socket;
  } catch {
    socket.destroy();
    return null;
  }
}

// Not `pipeline`: each side may end its half before the other, and a broken one must break the other.
function join(caller: Socket, upstream: Socket): void {
  for (const [one, other] of [
    [caller, upstream],
    [upstream, caller],
  ] as const) {
    one.pipe(other);
    one.on('error', () => one.destroy());
    one.on('close', () => other.destroy());
  }
  if (caller.destroyed) upstream.destroy();
}

async function closed(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  const done = new Promise((resolve) => server.close(resolve));
  await Promise.race([done, sleep(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
  for (const socket of open) socket.destroy();
  await done;
}
