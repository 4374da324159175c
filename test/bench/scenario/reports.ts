// What is reported while we measure: reports as monitors send them, from all sub-districts in turn.
import { randomUUID } from 'node:crypto';
import type { ViolationContent } from '../../../libs/domain/src/index.js';

const DAY_MS = 86_400_000;
const AN_HOUR_MS = 3_600_000;

/** One of the last day, for POST /v1/reports. */
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

/** The same as the log keeps it, without what is kept apart. */
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
