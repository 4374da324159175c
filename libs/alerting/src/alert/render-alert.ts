// Renders a stored alert: the summary for people and the link to the reasons. Done on reading, with the current names.
import type { RegionMap, Status } from '#domain';
import type { Alert, AlertRow } from './alert.js';

export function renderAlert(row: AlertRow, regions: RegionMap): Alert {
  return {
    id: row.id,
    type: row.type,
    region: row.region,
    lens: row.lens,
    from: row.from,
    to: row.to,
    at: row.at,
    recordedAt: row.recordedAt,
    position: row.position,
    supersedes: row.supersedes,
    why: whyLink(row),
    summary: { en: `${place(row.region, regions)}: ${sentence(row)}` },
  };
}

function whyLink({ region, lens, at, knownAtPosition }: AlertRow): string {
  const query = new URLSearchParams({
    at,
    knownAtPosition: String(knownAtPosition),
    ...(lens === null || lens === 'strict' ? {} : { lens }),
  });
  return `/v1/regions/${encodeURIComponent(region)}/status?${query.toString()}`;
}

function place(code: string, regions: RegionMap): string {
  const name = regions.get(code)?.name.en;
  return name === undefined ? code : `${name} (${code})`;
}

function sentence(row: AlertRow): string {
  const { type, at, detail } = row;
  switch (type) {
    case 'status_changed':
      return `the ceasefire ${reads(row.to)} from ${at} on; before, it ${read(row.from)}.`;
    case 'status_restated':
      return `later knowledge changes the record from ${at} to ${detail.until ?? 'now'}: the ceasefire ${reads(row.to)} where it ${read(row.from)}.`;
    case 'red_line_met':
      return `a red line is met from ${at} on, by a verified incident.`;
    case 'grave_incident':
      return `a grave incident (${words(detail.kind ?? 'undetermined_explosion')}) of ${at} is reported; a report is not yet a finding.`;
    case 'coverage_lost':
      return `too little of it is watched from ${at} on${share(detail.coverage)}; silence from there is not calm.`;
    case 'coverage_restored':
      return `enough of it is watched again from ${at} on${share(detail.coverage)}.`;
  }
}

function reads(status: Status | null): string {
  return `reads "${words(status ?? 'not_observed')}"`;
}

function read(status: Status | null): string {
  return `read "${words(status ?? 'not_observed')}"`;
}

function words(code: string): string {
  return code.replaceAll('_', ' ');
}

function share(coverage: number | undefined): string {
  return coverage === undefined ? '' : ` (${String(Math.round(coverage * 100))} %)`;
}
