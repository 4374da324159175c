// What a start says to the person in front of it.
import { randomUUID } from 'node:crypto';
import type { Settings } from '#platform';

type Started = {
  readonly url: string;
  readonly settings: Settings;
  readonly directory: string;
  readonly events: number;
};

const DEFAULT_DIRECTORY = '.barada';
const A_MINUTE_MS = 60_000;

export function greeting({ url, settings, directory, events }: Started): string {
  const where = settings.databaseUrl === null ? directory : 'DATABASE_URL';
  const barada = settings.directory === DEFAULT_DIRECTORY ? 'npx barada' : `BARADA_DIR=${directory} npx barada`;
  return `
Barada is ready at ${url}  (${events} events in the log, kept in ${where})

  what there is     ${url}/docs
  how it fares      ${url}/health/status

A token for a monitor:
  ${barada} token --role monitor

A first report:
  curl -s ${url}/v1/reports -H "Authorization: Bearer $(${barada} token --role monitor)" -H 'Content-Type: application/json' -d '${firstReport()}'

Ctrl-C stops it.
`;
}

function firstReport(): string {
  const aMomentAgo = new Date(Date.now() - A_MINUTE_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return JSON.stringify({
    id: randomUUID(),
    type: 'violation',
    occurred: { from: aMomentAgo },
    place: { region: 'SY030702' },
    kind: 'indirect_fire',
    means: 'heard',
  });
}

export function recovery(from: 'outlived' | 'crashed', events: number): string {
  const what =
    from === 'outlived'
      ? 'The last run was killed and its PostgreSQL outlived it: that has been stopped in order.'
      : 'The last run and its PostgreSQL were killed: PostgreSQL has recovered from its write-ahead log.';
  return `${what} Nothing that was acknowledged is lost; the log has ${events} events.`;
}

export function noAuthWarning(): string {
  return `
  ############################################################################
  #  --no-auth: EVERYBODY WHO REACHES THIS PORT MAY READ AND DO EVERYTHING,  #
  #  sources of reports included. For a demo on this machine, nothing else.  #
  ############################################################################
`;
}
