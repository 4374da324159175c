import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closePool, openPool } from '#database';
import {
  appendStatusChange,
  append,
  defineRegions,
  startAlerting,
  type Alerting,
} from '../../../../test/support/alerting.js';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';

const TOKEN = 'ali:subscriber';
let database: TestDatabase;
let alerting: Alerting;

beforeAll(async () => {
  database = await openTestDatabase();
  await defineRegions(database);
  alerting = await startAlerting(database);
});
afterAll(async () => {
  await alerting.stop();
  await database.drop();
});

type Message = { readonly id: string; readonly event: string; readonly data: string };

type Client = {
  readonly status: number;
  readonly text: () => string;
  readonly isOpen: () => boolean;
  readonly cut: () => void;
};

async function follow(query = '', lastEventId?: string): Promise<Client> {
  const cut = new AbortController();
  const answer = await fetch(`${alerting.url}/v1/alerts/stream${query}`, {
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: cut.signal,
  });
  const state = { text: '', isOpen: true };
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      state.text += decoder.decode(chunk as Uint8Array, { stream: true });
    }
  })()
    .catch(() => undefined)
    .finally(() => (state.isOpen = false));
  return {
    status: answer.status,
    text: () => state.text,
    isOpen: () => state.isOpen,
    cut: () => {
      cut.abort();
    },
  };
}

async function opened(query = '', lastEventId?: string): Promise<Client> {
  const client = await follow(query, lastEventId);
  await eventually(() => {
    expect(client.text()).toMatch(/id: \d+\n\n/);
  });
  return client;
}

/** The complete messages that the specification of server-sent events dispatches: those with data. */
function messages({ text }: Client): readonly Message[] {
  const blocks = text().split('\n\n').slice(0, -1);
  return blocks.flatMap((block) => {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
    const [id = '', event = '', data = ''] = ['id', 'event', 'data'].map((name) => fields.get(name));
    return data === '' ? [] : [{ id, event, data }];
  });
}

function ids(client: Client): readonly number[] {
  return messages(client).map(({ id }) => Number(id));
}

async function has(client: Client, positions: readonly number[]): Promise<void> {
  await eventually(() => {
    expect(ids(client)).toEqual(positions);
  });
}

describe('the stream of alerts', () => {
  it('sends an alert when it is written, as in the list', async () => {
    const client = await opened();
    const position = await appendStatusChange(database, 'SY03', 'holding', 'violated');
    await has(client, [position]);
    const [event] = messages(client);
    const alert = JSON.parse(event?.data ?? '') as { id: string };
    expect(event).toMatchObject({ id: String(position), event: 'status_changed' });
    expect(alert).toMatchObject({
      position,
      region: 'SY03',
      summary: { en: expect.stringContaining('Rural Damascus') },
    });
    expect((await alerting.call(TOKEN, 'GET', `/v1/alerts/${alert.id}`)).body).toEqual(alert);
    client.cut();
  });

  it('resumes a disconnected client without loss or duplicates', async () => {
    const first = await opened();
    const before = [];
    for (let n = 0; n < 3; n += 1) before.push(await appendStatusChange(database, 'SY03', 'holding', 'violated'));
    await has(first, before);
    first.cut();
    const missed = [];
    for (let n = 0; n < 250; n += 1) missed.push(await appendStatusChange(database, 'SY03', 'holding', 'violated'));
    const second = await opened('', messages(first).at(-1)?.id);
    await has(second, missed);
    const live = await appendStatusChange(database, 'SY03', 'holding', 'violated');
    await has(second, [...missed, live]);
    second.cut();
    const third = await opened(`?lastEventId=${String(before[0])}`);
    await has(third, [...before.slice(1), ...missed, live]);
    third.cut();
  });

  it('resumes a client that was disconnected before its first alert', async () => {
    const first = await opened();
    first.cut();
    const opening = /id: (\d+)/.exec(first.text())?.[1];
    const missed = await appendStatusChange(database, 'SY03', 'holding', 'violated');
    const second = await opened('', opening);
    await has(second, [missed]);
    second.cut();
  });

  it('sends every client the alerts that match its filter', async () => {
    const clients = await Promise.all([
      opened(),
      opened('?region=SY03'),
      opened('?region=SY02'),
      opened('?minStatus=violated'),
      opened('?type=coverage_lost'),
      opened('?lens=RU'),
    ]);
    const inside = await appendStatusChange(database, 'SY0307', 'holding', 'strained');
    const down = await appendStatusChange(database, 'SY02', 'violated', 'holding');
    const data = { region: 'SY', lens: 'RU', modalities: 'astana-1', restsOn: 1, at: '2017-01-06T22:00:00Z' };
    const lost = await append(database, 'status-RU-SY', 'SY', {
      type: 'CoverageLost',
      data: { ...data, alert: true, coverage: 0.1 },
    });
    const last = await appendStatusChange(database, 'SY03', 'holding', 'breakdown_indicated');
    const expected = [[inside, down, last], [inside, last], [down], [down, last], [], [lost]];
    for (const [index, client] of clients.entries()) await has(client, expected[index] ?? []);
    for (const client of clients) client.cut();
  });

  it('continues after the database closed all connections', async () => {
    const client = await opened();
    const before = await appendStatusChange(database, 'SY03', 'holding', 'violated');
    await has(client, [before]);
    const owner = openPool(database.url, { applicationName: 'spec', connections: 1 });
    await owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    await closePool(owner);
    // An append whose answer was lost may have been written, so this may be the second one.
    const after = await eventually(() => appendStatusChange(database, 'SY03', 'holding', 'violated'));
    const resumed = await opened('', String(before));
    await eventually(() => {
      expect(ids(resumed).at(-1)).toBe(after);
    });
    resumed.cut();
    client.cut();
    const live = await opened();
    const last = await appendStatusChange(database, 'SY03', 'holding', 'violated');
    await has(live, [last]);
    live.cut();
  });

  it('refuses an id after the head of the log, and an unknown region', async () => {
    const ask = (query: string) => alerting.call(TOKEN, 'GET', `/v1/alerts/stream${query}`);
    expect(await ask('?lastEventId=999999999')).toMatchObject({ status: 400, body: { code: 'bad-last-event-id' } });
    expect(await ask('?lastEventId=soon')).toMatchObject({ status: 400 });
    expect(await ask('?region=SY99')).toMatchObject({ status: 422 });
    expect(await ask('?colour=red')).toMatchObject({ status: 400 });
    expect(await alerting.call('ali:monitor', 'GET', '/v1/alerts/stream')).toMatchObject({ status: 403 });
  });

  it('ends when the application stops', async () => {
    const client = await opened();
    await alerting.stop();
    await eventually(() => {
      expect(client.isOpen()).toBe(false);
    });
    alerting = await startAlerting(database);
  });
});
