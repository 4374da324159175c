// Our own log behind the same door as the peers.
import type { DomainEvent } from '../../../libs/domain/src/index.js';
import { PostgresEventLog, type Append } from '../../../libs/event-log/src/index.js';
import { openDatabases } from '../../../libs/database/src/index.js';
import type { Fact, Store } from './store.js';

export function baradaStore(url: string): Store {
  const databases = openDatabases(url, { applicationName: 'bench' });
  const log = new PostgresEventLog(databases);
  return {
    name: 'Barada',
    append: async (stream, version, facts) => {
      const { kind } = await log.append(appendOf(stream, version, facts));
      if (kind !== 'appended') throw new Error(`${stream} at ${version}: ${kind}`);
    },
    close: async () => {
      await log.close();
      await databases.close();
    },
  };
}

function appendOf(stream: string, expected: number, facts: readonly Fact[]): Append {
  const events = facts.map(({ type, data }) => ({ event: { type, data } as DomainEvent, key: stream }));
  return { writes: [{ stream, expected, events }], meta: facts[0]?.meta as Append['meta'] };
}
