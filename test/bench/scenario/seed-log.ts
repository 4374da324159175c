// Writes a log of years by SQL as the owner, because ten million appends would take too long.
import { createHash } from 'node:crypto';
import { SCHEMA_VERSIONS, type ReportSubmitted } from '../../../libs/domain/src/index.js';
import { closePool, openPool, type Sql } from '../../../libs/database/src/index.js';
import type { PostgresEventLog } from '../../../libs/event-log/src/index.js';
import { subDistricts, type SubDistrict } from './regions.js';
import { violationContent } from './reports.js';

/** A report every two minutes: a longer log starts earlier, but has as many events in the last days. */
const MINUTES_APART = 2;
const EVENTS_PER_REPORT = 2;
const REPORTS_PER_STATEMENT = 100_000;
const STATEMENT_TIMEOUT_MS = 600_000;

/** The incident id of the n-th report, computed as in the SQL below. */
export function incidentOf(report: number): string {
  const hex = createHash('md5').update(String(report)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Appends about `events` events after the registry: reports that each open an incident. */
export async function seedLog({ url, log }: { url: string; log: PostgresEventLog }, events: number): Promise<void> {
  const places = await subDistricts(log);
  const { position } = await log.head();
  const reports = Math.floor((events - position) / EVENTS_PER_REPORT);
  const owner = openPool(url, {
    applicationName: 'bench fill',
    connections: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    for (let first = 1; first <= reports; first += REPORTS_PER_STATEMENT) {
      const last = Math.min(first + REPORTS_PER_STATEMENT - 1, reports);
      await insert(owner, places, { first, last, reports, after: position });
    }
    await owner`update log_head set (position, recorded_at) = (select max(position), max(recorded_at) from events)`;
    await owner`vacuum analyze events`;
  } finally {
    await closePool(owner);
  }
}

type Span = { readonly first: number; readonly last: number; readonly reports: number; readonly after: number };

async function insert(
  owner: Sql,
  places: readonly SubDistrict[],
  { first, last, reports, after }: Span,
): Promise<void> {
  await owner`
    insert into events (position, stream, version, key, type, schema_version, data, meta, recorded_at, command_end)
    select ${after}::bigint + 2 * r.n - 2 + e.nth, e.stream, 1, r.incident, e.type, e.schema_version,
      e.data::json, ${META}::text::json, r.at, ${after}::bigint + 2 * r.n
    from (
      select n, md5(n::text)::uuid::text as incident, '01941b7e-8a00-7000-8000-' || lpad(to_hex(n), 12, '0') as report,
        place ->> 'template' as template,
        date_trunc('seconds', now()) - (${reports}::int - n) * make_interval(mins => ${MINUTES_APART}) as at
      from generate_series(${first}::int, ${last}::int) as n
      join json_array_elements(${JSON.stringify(templates(places))}::text::json) with ordinality as p (place, nth)
        on p.nth = 1 + n % ${places.length}
    ) r
    cross join lateral (values
      (1, 'report-' || r.report, 'ReportSubmitted', ${SCHEMA_VERSIONS.ReportSubmitted}::int,
        replace(replace(replace(r.template, ':report', r.report), ':incident', r.incident), ':from',
          to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))),
      (2, 'incident-' || r.incident, 'IncidentOpened', ${SCHEMA_VERSIONS.IncidentOpened}::int,
        '{"incident":"' || r.incident || '","report":"' || r.report || '","splitFrom":null,"carried":[]}')
    ) as e (nth, stream, type, schema_version, data)
    order by 1`;
}

function templates(places: readonly SubDistrict[]): readonly { readonly template: string }[] {
  return places.map(({ code, regions }) => {
    const data: ReportSubmitted['data'] = {
      report: ':report',
      type: 'violation',
      source: { monitor: 'm-0123456789abcdef', organisation: 'o-0123456789abcdef' },
      flags: [],
      content: violationContent(code, regions, ':from'),
      incident: ':incident',
    };
    return { template: JSON.stringify(data) };
  });
}

const META = JSON.stringify({
  by: { who: 'm-0123456789abcdef', role: 'monitor', party: null },
  fingerprint: 'f'.repeat(43),
  correlation: '0123456789abcdef',
});
