// A pool of connections for single statements. A lost connection is never used again.
import type { Sql } from 'postgres';
import { ConnectionLost } from './transaction-scope.js';
import { ResponseDeadline } from './response-deadline.js';
import { senderOf, type Statement } from './statement.js';

type Connection = {
  readonly client: Sql;
  readonly send: (statement: Statement) => void;
  readonly deadline: ResponseDeadline;
  inFlight: number;
};

/**
 * postgres 3.4.9 reconnects a lost connection and keeps state of the old one: the next statement gets the old error, and
 * a later one gets its rows after as many holes as rows had arrived before the loss. This cannot be switched off in its
 * own pool, so here each connection is a client of its own with one connection, which is discarded on loss.
 */
export class Connections {
  readonly #live = new Set<Connection>();
  #ended = false;

  constructor(
    private readonly connect: (onLoss: () => void) => Sql,
    private readonly connectionsMax: number,
    private readonly responseLimitMs: number,
  ) {}

  /** Sends it on an idle connection, else on a new one, else on the one with the fewest statements in flight. */
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
    connection.deadline.track(statement);
    connection.send(statement);
  }

  async end(timeoutSeconds: number): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#live].map(({ client }) => client.end({ timeout: timeoutSeconds })));
  }

  #leastBusy(): Connection {
    const [first, ...others] = this.#live;
    const least = others.reduce((one, other) => (one && other.inFlight >= one.inFlight ? one : other), first);
    if (least && (least.inFlight === 0 || this.#live.size >= this.connectionsMax)) return least;
    return this.#open();
  }

  #open(): Connection {
    // Ending the client rejects its statements in flight; after a loss the client has already rejected them.
    const discard = (): void => {
      this.#live.delete(connection);
      void client.end({ timeout: 0 });
    };
    const client = this.connect(discard);
    const deadline = new ResponseDeadline(this.responseLimitMs, discard);
    const connection: Connection = { client, send: senderOf(client), deadline, inFlight: 0 };
    this.#live.add(connection);
    return connection;
  }
}
