// The messages that a start prints.
import { randomUUID } from 'node:crypto';
import type { Settings } from '#platform';

type Started = {
  readonly url: string;
  readonly settings: Settings;
  readonly directory: string;
  readonly events: number;
};

const DEFAULT_DIRECTORY = '.barada';
const MINUTE_MS = 60_000;

export function greeting({ url, settings, directory, events }: Started): string {
  const where = settings.databaseUrl === null ? directory : 'DATABASE_URL';
  const barada = settings.directory === DEFAULT_DIRECTORY ? 'npx barada' : `BARADA_DIR=${directory} npx barada`;
  return `
Barada is ready at ${url}  (${events} events in the log, stored in ${where})

  API documentation  ${url}/docs
  health             ${url}/health/status

A token for a monitor:
  ${barada} token --role monitor

A first report:
  curl -s ${url}/v1/reports -H "Authorization: Bearer $(${barada} token --role monitor)" -H 'Content-Type: application/json' -d '${firstReport()}'

Press Ctrl-C to stop.
`;
}

function firstReport(): string {
  const oneMinuteAgo = new Date(Date.now() - MINUTE_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return JSON.stringify({
    id: randomUUID(),
    type: 'violation',
    occurred: { from: oneMinuteAgo },
    place: { region: 'SY030702' },
    kind: 'indirect_fire',
    means: 'heard',
  });
}

export function recovery(from: 'outlived' | 'crashed', events: number): string {
  const what =
    from === 'outlived'
      ? 'The last run was killed while its PostgreSQL kept running: PostgreSQL has been shut down cleanly.'
      : 'The last run and its PostgreSQL were killed: PostgreSQL has recovered from its write-ahead log.';
  return `${what} No acknowledged report is lost; the log has ${events} events.`;
}

export function noAuthWarning(): string {
  return `
  ############################################################################
  #  --no-auth: EVERYBODY WHO REACHES THIS PORT MAY READ AND DO EVERYTHING,  #
  #  sources of reports included. For a demo on this machine, nothing else.  #
  ############################################################################
`;
}
