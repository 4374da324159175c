// Free ports on the loopback address.
import { createServer } from 'node:net';
import { once } from 'node:events';

/** A port that nothing listens on. Use it soon, because another process may take it. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
