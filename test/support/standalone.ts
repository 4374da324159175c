// The standalone app in a process of its own, with its own folder.
import { Client } from './client.js';
import { startProcess, type AppProcess } from './process.js';

/** Its PostgreSQL keeps running if the process is killed. */
export type StandaloneProcess = AppProcess & { readonly client: Client };

/** `env`: additional settings. Throws with its output if it does not start. */
export async function startStandalone(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<StandaloneProcess> {
  const running = await startProcess('standalone', { BARADA_DIR: folder, ...env });
  return { ...running, client: await Client.of(running.url, folder) };
}
