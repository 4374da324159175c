// Stands between a client and its server, and does to their connections what networks do.
import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

const HOST = '127.0.0.1';

type Link = { readonly client: Socket; readonly server: Socket };

/** In front of a server that listens on the loopback address. */
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

  /** Where clients go. It stays the same through everything. */
  get port(): number {
    return this.#port;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#links.size;
  }

  /** How many connections there ever were. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Resets all connections, as a cut cable or a restarted firewall does. New ones are taken. */
  cut(): void {
    for (const { client, server } of this.#links) for (const socket of [client, server]) reset(socket);
  }

  /** New connections are refused; those that are open go on. */
  async refuse(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    // Node calls a server closed only when its last connection has gone; it stops listening at once.
    server.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The end of `refuse`. */
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

  /** Connections stay open, and take new ones, but nothing passes any more. */
  stall(): void {
    this.#isStalled = true;
    for (const link of this.#links) pause(link);
  }

  /** The end of `stall`: what was held back passes. */
  resume(): void {
    this.#isStalled = false;
    for (const { client, server } of this.#links) {
      client.resume();
      server.resume();
    }
  }

  async close(): Promise<void> {
    await this.refuse();
    this.cut();
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

  // Not `pipe`, which resumes by itself what a stall has paused.
  #join(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => {
      if (!this.#isStalled) from.resume();
    });
    from.on('end', () => to.end());
    // A reset on one side is passed on as one.
    from.on('error', () => {
      reset(to);
    });
    from.on('close', () => {
      to.destroySoon();
    });
  }
}

/** What is saying goodbye must not be reset any more (libuv: uv_tcp_close_reset and uv_shutdown do not mix). */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function pause({ client, server }: Link): void {
  client.pause();
  server.pause();
}
