// The standalone app in a process of its own, on a folder of its own.
import { Client } from './client.js';
import { startProcess, type AppProcess } from './process.js';

/** Its PostgreSQL outlives a kill. */
export type StandaloneProcess = AppProcess & { readonly client: Client };

/** `env`: settings on top of ours. Throws with all that it said where it does not come up. */
export async function startStandalone(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<StandaloneProcess> {
  const running = await startProcess('standalone', { BARADA_DIR: folder, ...env });
  return { ...running, client: await Client.of(running.url, folder) };
}
