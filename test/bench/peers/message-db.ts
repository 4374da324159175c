// message-db: the SQL files of its package, in the order of its install.sh.
import postgres from 'postgres';
import { randomUUID } from 'node:crypto';
import { peerFile, peerVersion } from './install.js';
import { CONNECTIONS, type Store } from './store.js';

const PACKAGE = '@eventide/message-db';
// Without the extension pgcrypto, which these files do not use and the embedded PostgreSQL does not ship.
const FILES = [
  'schema/message-store',
  'tables/messages',
  'types/message',
  'functions/message-store-version',
  'functions/hash-64',
  'functions/acquire-lock',
  'functions/category',
  'functions/is-category',
  'functions/id',
  'functions/cardinal-id',
  'functions/stream-version',
  'functions/write-message',
  'indexes/messages-id',
  'indexes/messages-stream',
  'indexes/messages-category',
];

export async function messageDbStore(url: string): Promise<Store> {
  const sql = postgres(url, {
    max: CONNECTIONS,
    onnotice: () => undefined,
    connection: { search_path: 'message_store,public' },
  });
  for (const file of FILES) await sql.unsafe(peerFile(PACKAGE, 'database', `${file}.sql`)).simple();
  return {
    name: `message-db ${peerVersion(PACKAGE)}`,
    append: async (stream, version, events) => {
      // Its versions start at 0, and -1 is a new stream. Several messages in one statement are one transaction.
      const calls = events.map(
        ({ type, data, meta }, index) => sql`
          write_message(${randomUUID()}, ${stream}, ${type}, ${JSON.stringify(data)}::text::jsonb,
            ${JSON.stringify(meta)}::text::jsonb, ${version - 1 + index}::bigint)`,
      );
      await sql`select ${calls.flatMap((call, index) => (index === 0 ? [call] : [sql`, ${call}`]))}`;
    },
    close: () => sql.end(),
  };
}
