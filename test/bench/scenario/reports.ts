// The reports of the benchmarks, as monitors send them.
import { randomUUID } from 'node:crypto';
import type { ViolationContent } from '../../../libs/domain/src/index.js';

const DAY_MS = 86_400_000;
const AN_HOUR_MS = 3_600_000;

/** A report of the last day, for POST /v1/reports. */
export function reportBody(region: string, severity: ViolationContent['severity'] = 'moderate') {
  const from = Date.now() - AN_HOUR_MS - Math.floor(Math.random() * (DAY_MS - AN_HOUR_MS));
  return {
    id: randomUUID(),
    type: 'violation',
    occurred: { from: new Date(from).toISOString(), precision: 'minute' },
    place: { region, precision: 'settlement' },
    kind: 'indirect_fire',
    severity,
    means: 'heard',
    accused: ['saa'],
    narrative: 'Several impacts, heard from the eastern edge of the town, then smoke.',
    language: 'en',
  };
}

/** The same report as the log stores it, without confidential data. */
export function violationContent(region: string, regions: readonly string[], from: string): ViolationContent {
  return {
    occurred: { from, to: null, precision: 'minute' },
    place: { region, regions, precision: 'settlement' },
    kind: 'indirect_fire',
    severity: 'moderate',
    means: 'heard',
    accused: ['saa'],
    target: null,
    casualties: { killed: null, injured: null },
    quantity: null,
    language: 'en',
    evidenceCount: 0,
  };
}
