// A pool of connections, each a client of its own, so that one that was lost is never used again.
import type { Sql } from 'postgres';
import { ConnectionLost } from './transaction-scope.js';
import { senderOf, type Statement } from './statement.js';

type Connection = { readonly client: Sql; readonly send: (statement: Statement) => void; inFlight: number };

/**
 * postgres 3.4.9 connects a lost connection anew and keeps what was left of the last one: the next statement is handed
 * the old error, and a later one the rows of its answer behind as many holes as rows had come before the loss. Its own
 * pool cannot be told not to, so here each connection is a client with one connection, thrown away on loss.
 */
export class Connections {
  readonly #live = new Set<Connection>();
  #ended = false;

  constructor(
    private readonly connect: (onLoss: () => void) => Sql,
    private readonly connectionsMax: number,
  ) {}

  /** Sends it on a connection that is free, on a new one, or behind the others on the one with the least to do. */
  send(statement: Statement): void {
    if (this.#ended) {
      statement.reject(new ConnectionLost());
      return;
    }
    const connection = this.#leastBusy();
    connection.inFlight += 1;
    const settled = (): void => {
      connection.inFlight -= 1;
    };
    statement.then(settled, settled);
    connection.send(statement);
  }

  async end(patienceSeconds: number): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#live].map(({ client }) => client.end({ timeout: patienceSeconds })));
  }

  #leastBusy(): Connection {
    const [first, ...others] = this.#live;
    const least = others.reduce((one, other) => (one && other.inFlight >= one.inFlight ? one : other), first);
    if (least && (least.inFlight === 0 || this.#live.size >= this.connectionsMax)) return least;
    return this.#open();
  }

  #open(): Connection {
    const client = this.connect(() => {
      // The client has refused what was under way on it.
      this.#live.delete(connection);
      void client.end({ timeout: 0 });
    });
    const connection: Connection = { client, send: senderOf(client), inFlight: 0 };
    this.#live.add(connection);
    return connection;
  }
}
