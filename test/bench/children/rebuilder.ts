// Rebuilds the facts of a database in a separate process and returns its peak memory.
import { openDatabases } from '../../../libs/database/src/index.js';
import { PostgresEventLog } from '../../../libs/event-log/src/index.js';
import { rebuild } from '../../../libs/projection/src/index.js';
import { FactsProjection } from '../../../libs/status/src/index.js';
import { serve } from './child.js';

export type RebuildQuestion = { readonly url: string };
export type Rebuilt = { readonly events: number; readonly seconds: number; readonly maxRssMiB: number };

const KIB_PER_MIB = 1_024;

serve(async ({ url }: RebuildQuestion): Promise<Rebuilt> => {
  const databases = openDatabases(url, { applicationName: 'bench rebuild' });
  const log = new PostgresEventLog(databases);
  const began = performance.now();
  const { position: events } = await rebuild(new FactsProjection(), { log, sql: databases.analysis });
  const seconds = (performance.now() - began) / 1000;
  await databases.close();
  return { events, seconds, maxRssMiB: process.resourceUsage().maxRSS / KIB_PER_MIB };
});
