// The minimal append: one INSERT, and a unique index on stream and version.
import postgres from 'postgres';
import { CONNECTIONS, type Store } from './store.js';

export async function plainInsertStore(url: string): Promise<Store> {
  const sql = postgres(url, { max: CONNECTIONS });
  await sql`
    create table plain_events (
      position bigserial primary key, stream text not null, version int not null, type text not null,
      data json not null, meta json not null, recorded_at timestamptz not null default now(), unique (stream, version)
    )`;
  return {
    name: `plain INSERT, pool of ${CONNECTIONS}`,
    append: async (stream, version, events) => {
      const rows = events.map(
        ({ type, data, meta }, index) => sql`
          (${stream}, ${version + index + 1}, ${type}, ${JSON.stringify(data)}::text::json,
            ${JSON.stringify(meta)}::text::json)`,
      );
      await sql`
        insert into plain_events (stream, version, type, data, meta)
        values ${rows.flatMap((row, index) => (index === 0 ? [row] : [sql`, ${row}`]))}`;
    },
    close: () => sql.end(),
  };
}
