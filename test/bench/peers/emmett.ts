// Emmett's event store on PostgreSQL, opened as in its documentation.
import { peer, peerVersion } from './install.js';
import { CONNECTIONS, type Store } from './store.js';

type EventStore = {
  appendToStream(
    stream: string,
    events: readonly { type: string; data: object; metadata: object }[],
    options: { expectedStreamVersion: bigint | 'STREAM_DOES_NOT_EXIST' },
  ): Promise<unknown>;
  close(): Promise<void>;
};
type EmmettModule = {
  getPostgreSQLEventStore(url: string, options: { connectionOptions: { pool: Pool } }): EventStore;
};
type Pool = { end(): Promise<void> };
type PgModule = { default: { Pool: new (options: { connectionString: string; max: number }) => Pool } };

const PACKAGE = '@event-driven-io/emmett-postgresql';

export async function emmettStore(url: string): Promise<Store> {
  const emmett = await peer<EmmettModule>(PACKAGE);
  const { default: pg } = await peer<PgModule>('pg');
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  const store = emmett.getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  return {
    name: `Emmett ${peerVersion(PACKAGE)}`,
    append: async (stream, version, newEvents) => {
      const messages = newEvents.map(({ type, data, meta }) => ({ type, data, metadata: meta }));
      const expectedStreamVersion = version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version);
      await store.appendToStream(stream, messages, { expectedStreamVersion });
    },
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}
