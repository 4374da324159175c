import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { eventually } from '../../../../test/support/eventually.js';
import type { AlertRow } from '../alert/alert.js';
import { AlertStream, type StreamLimits, type StreamSource } from './alert-stream.js';

const LIMITS: StreamLimits = { heartbeatMs: 60_000, stalledMs: 60_000, lifeMs: 60_000 };
let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client that reads nothing until `resume` is called, and the server side of its connection. */
async function served(
  source: StreamSource,
  limits: Partial<StreamLimits>,
): Promise<{ readonly client: Socket; readonly stream: AlertStream; readonly ended: Promise<void> }> {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.pause();
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
  const stream = new AlertStream(response, source, { ...LIMITS, ...limits });
  return { client, stream, ended: stream.run(0) };
}

const silent: StreamSource = {
  read: (cursor) => Promise.resolve({ rows: [], upTo: cursor }),
  render: () => {
    throw new Error('there is nothing to render');
  },
};

function textOf(client: Socket): () => string {
  let text = '';
  client.on('data', (chunk) => (text += chunk.toString()));
  client.resume();
  return () => text;
}

describe('a stream of alerts', () => {
  it('sends keep-alive comments', async () => {
    const { client, stream } = await served(silent, { heartbeatMs: 5 });
    const text = textOf(client);
    await eventually(() => {
      expect(text().match(/^: keep-alive$/gm)?.length).toBeGreaterThan(2);
    });
    stream.close();
  });

  it('ends after its maximum duration, so that the client reconnects with a valid token', async () => {
    const { client, ended } = await served(silent, { lifeMs: 5 });
    const text = textOf(client);
    await ended;
    await once(client, 'close');
    expect(text()).toContain('retry: 2000\nid: 0\n\n');
  });

  it('reads no further than the client, and disconnects one that reads nothing', async () => {
    const en = 'x'.repeat(10_000);
    let pages = 0;
    const endless: StreamSource = {
      read: (cursor, limit) => {
        pages += 1;
        const rows = Array.from({ length: limit }, (_, n) => ({ ...row, position: cursor + n + 1 }));
        return Promise.resolve({ rows, upTo: cursor + limit });
      },
      render: (found) => ({ ...found, why: '', summary: { en } }),
    };
    const { client, ended } = await served(endless, { stalledMs: 50 });
    await ended;
    // A page is one megabyte; the socket buffers of both ends hold a few of them.
    expect(pages).toBeLessThan(30);
    client.destroy();
  });
});

const row: AlertRow = {
  ...{ id: '191b2e40-6d93-8465-a517-1954ef090aec', type: 'status_changed', region: 'SY03', lens: 'strict' },
  ...{ from: 'strained', to: 'violated', at: '2017-01-06T22:00:00Z', recordedAt: '2017-01-16T08:00:00.000Z' },
  ...{ position: 1, supersedes: null, scale: 2, detail: {}, traceContext: null, knownAtPosition: 16 },
};
