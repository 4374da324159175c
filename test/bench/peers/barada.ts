// Our log as an implementation of the common `Store` interface.
import type { DomainEvent } from '../../../libs/domain/src/index.js';
import { PostgresEventLog, type Append } from '../../../libs/event-log/src/index.js';
import { openDatabases } from '../../../libs/database/src/index.js';
import type { NewEvent, Store } from './store.js';

export function baradaStore(url: string): Store {
  const databases = openDatabases(url, { applicationName: 'bench' });
  const log = new PostgresEventLog(databases);
  return {
    name: 'Barada',
    append: async (stream, version, events) => {
      const { kind } = await log.append(appendOf(stream, version, events));
      if (kind !== 'appended') throw new Error(`${stream} at ${version}: ${kind}`);
    },
    close: async () => {
      await log.close();
      await databases.close();
    },
  };
}

function appendOf(stream: string, expected: number, events: readonly NewEvent[]): Append {
  const newEvents = events.map(({ type, data }) => ({ event: { type, data } as DomainEvent, key: stream }));
  return { writes: [{ stream, expected, events: newEvents }], meta: events[0]?.meta as Append['meta'] };
}
