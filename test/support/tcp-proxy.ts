// A TCP proxy on loopback that resets, refuses and stalls connections, as networks do.
import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

const HOST = '127.0.0.1';

type Link = { readonly client: Socket; readonly server: Socket };

/** Forwards to a port on the loopback address. */
export class TcpProxy {
  readonly #links = new Set<Link>();
  #server: Server | null = null;
  #isStalled = false;
  #port = 0;
  #accepted = 0;

  private constructor(private readonly targetPort: number) {}

  static async to(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await proxy.accept();
    return proxy;
  }

  /** The port that clients connect to. It never changes. */
  get port(): number {
    return this.#port;
  }

  /** Number of open connections. */
  get open(): number {
    return this.#links.size;
  }

  /** Number of connections accepted since the start. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Resets all connections, as a restarted firewall does. New ones are accepted. */
  resetAll(): void {
    for (const { client, server } of this.#links) for (const socket of [client, server]) reset(socket);
  }

  /** Refuses new connections. Open ones keep working. */
  async refuse(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    // `close` stops listening at once, but calls back only after the last connection has ended.
    server.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends `refuse`. */
  async accept(): Promise<void> {
    if (this.#server) return;
    const server = createServer((client) => {
      this.#link(client);
    });
    this.#server = server;
    server.listen(this.#port, HOST);
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address !== 'string') this.#port = address.port;
  }

  /** Connections stay open and new ones are accepted, but no data is forwarded. */
  stall(): void {
    this.#isStalled = true;
    for (const link of this.#links) pause(link);
  }

  /** Ends `stall`: data that was held back is forwarded. */
  resume(): void {
    this.#isStalled = false;
    for (const { client, server } of this.#links) {
      client.resume();
      server.resume();
    }
  }

  async close(): Promise<void> {
    await this.refuse();
    this.resetAll();
  }

  #link(client: Socket): void {
    this.#accepted += 1;
    const server = connect(this.targetPort, HOST);
    const link = { client, server };
    this.#links.add(link);
    this.#join(client, server);
    this.#join(server, client);
    for (const socket of [client, server]) socket.on('close', () => this.#links.delete(link));
    if (this.#isStalled) pause(link);
  }

  // Not `pipe`, which would resume a socket that a stall has paused.
  #join(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => {
      if (!this.#isStalled) from.resume();
    });
    from.on('end', () => to.end());
    // A reset on one side is forwarded as a reset.
    from.on('error', () => {
      reset(to);
    });
    from.on('close', () => {
      to.destroySoon();
    });
  }
}

/** A socket that is shutting down must not be reset (libuv: uv_tcp_close_reset fails after uv_shutdown). */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function pause({ client, server }: Link): void {
  client.pause();
  server.pause();
}
