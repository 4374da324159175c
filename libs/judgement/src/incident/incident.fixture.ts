// Incidents and reports for the specs of the handlers.
import type { Submission } from '#domain';
import type { JudgementWorld } from '../judgement.fixture.js';

const PLACE = { region: 'SY030702', regions: ['SY', 'SY03', 'SY0307', 'SY030702'], precision: null } as const;

/** A violation report that belongs to `incident`; the first one of an incident opens it. */
export async function reported(world: JudgementWorld, report: string, incident: string): Promise<void> {
  const submission: Extract<Submission, { type: 'violation' }> = {
    report,
    type: 'violation',
    incident,
    source: { monitor: `monitor-of-${report}`, organisation: 'organisation' },
    flags: [],
    content: {
      occurred: { from: '2017-01-15T10:00:00Z', to: null, precision: 'hour' },
      place: PLACE,
      kind: 'indirect_fire',
      severity: null,
      means: 'seen',
      accused: ['saa'],
      target: null,
      casualties: { killed: null, injured: null },
      quantity: null,
      language: null,
      evidenceCount: 0,
    },
  };
  const isFirst = (await world.log.readStream(`incident-${incident}`)).length === 0;
  await world.append(`report-${report}`, { type: 'ReportSubmitted', data: submission }, incident);
  await world.append(
    `incident-${incident}`,
    isFirst
      ? { type: 'IncidentOpened', data: { incident, report, splitFrom: null, carried: [] } }
      : { type: 'ReportLinked', data: { incident, report, from: null, carried: null } },
    incident,
  );
}
