// Notifies other processes that the log has grown, by LISTEN and NOTIFY. The payload is the sender and never trusted.
import type { Sql } from '#database';

const CHANNEL = 'barada_log';

/** PostgreSQL gives the transaction of a notification an id; without the setting it would be flushed to disk. */
export async function notifyAppended(sql: Sql, sender: string): Promise<void> {
  await sql`select set_config('synchronous_commit', 'off', true), pg_notify(${CHANNEL}, ${sender})`;
}

/** Calls `onChange` for notifications of other senders and once the connection listens again. Ends with the result. */
export async function listenForAppends(sql: Sql, self: string, onChange: () => void): Promise<() => Promise<void>> {
  const onNotify = (sender: string): void => {
    if (sender !== self) onChange();
  };
  const listening = await sql.listen(CHANNEL, onNotify, onChange);
  return () => listening.unlisten();
}
