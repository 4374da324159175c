// Sends reports over several connections, one at a time on each, for a given time.
import { Pool } from 'undici';
import { runCallers } from '../harness/slices.js';
import { reportBody } from '../scenario/reports.js';
import { serve } from './child.js';

export type LoadQuestion = {
  readonly url: string;
  readonly token: string;
  readonly regions: readonly string[];
  readonly connections: number;
  readonly milliseconds: number;
};

serve(async ({ url, token, regions, connections, milliseconds }: LoadQuestion): Promise<number> => {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let sent = 0;
  const accepted = await runCallers(connections, milliseconds, async () => {
    const region = regions[(sent += 1) % regions.length] ?? '';
    const body = JSON.stringify(reportBody(region));
    const answer = await pool.request({ method: 'POST', path: '/v1/reports', headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 201) throw new Error(`${answer.statusCode}: ${text}`);
  });
  await pool.close();
  return accepted;
});
