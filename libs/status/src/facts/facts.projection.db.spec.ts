import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digest, rebuild } from '#projection';
import { observed, reported, TestSystem, verified, violation } from '../status.fixture.js';
import { FactsProjection } from './facts.projection.js';

let system: TestSystem;
beforeAll(async () => {
  system = await TestSystem.start('2017-02-01T00:00:00.000Z');
});
afterAll(() => system.stop());

type Row = { known_from: number; known: boolean; level: string | null; reports: number };

async function versionsOf(incident: string): Promise<readonly Row[]> {
  return system.database.databases.analysis<Row[]>`
    select known_from, known_until = 9223372036854775807 as known, doc->'verification'->>'level' as level,
      json_array_length(doc->'reports') as reports
    from incident_fact where incident = ${incident} order by known_from`;
}

describe('the facts projection', () => {
  it('stores from which position until which each version of an incident was known', async () => {
    const first = reported(violation());
    const opened = await system.append(...first.writes);
    const remote = await system.append(verified(first.incident, 'verified_remote'));
    const refuted = await system.append(verified(first.incident, 'refuted'));
    expect(await versionsOf(first.incident)).toEqual([
      { known_from: opened - 1, known: false, level: null, reports: 1 },
      { known_from: remote, known: false, level: 'verified_remote', reports: 1 },
      { known_from: refuted, known: true, level: 'refuted', reports: 1 },
    ]);
  });

  it('keeps every version of an incident that changes several times in one batch', async () => {
    const first = reported(violation());
    const [report, incident] = first.writes;
    const [, remote] = verified(first.incident, 'verified_remote');
    const [, refuted] = verified(first.incident, 'refuted');
    if (!report || !incident) throw new Error('a first report writes two streams');
    const last = await system.append(report, [...incident, remote, refuted]);
    expect((await versionsOf(first.incident)).map(({ known_from, level }) => [known_from, level])).toEqual([
      [last - 3, null],
      [last - 1, 'verified_remote'],
      [last, 'refuted'],
    ]);
  });

  it('ends the version of a nil report that is withdrawn', async () => {
    const [stream, submitted] = observed('nil', 'SY0307', ['2017-01-15T06:00:00Z', '2017-01-15T18:00:00Z']);
    await system.append([stream, submitted]);
    const report = stream.replace('report-', '');
    const gone = await system.append([
      stream,
      { event: { type: 'ReportWithdrawn', data: { report, incident: null } }, key: 'SY0307' },
    ]);
    const rows = await system.database.databases.analysis<{ known_until: number }[]>`
      select known_until from observation_fact where report = ${report}`;
    expect(rows).toEqual([{ known_until: gone }]);
  });

  it('writes the same rows in a rebuild', async () => {
    const region = 'wadi-barada';
    const episode = '01941b7e-8a00-7000-8000-0000000000e1';
    const redLine = '01941b7e-8a00-7000-8000-0000000000f1';
    await system.append([
      `episode-${episode}`,
      {
        key: region,
        event: {
          type: 'EpisodeOpened',
          data: {
            episode,
            kind: 'offensive',
            region,
            from: '2016-12-21T22:00:00Z',
            name: 'Offensive',
            accused: ['saa'],
            exclusionClaim: null,
          },
        },
      },
      { key: region, event: { type: 'EpisodeClosed', data: { episode, region, to: '2017-01-29T22:00:00Z' } } },
    ]);
    const condition = { kind: 'territorial_gain' as const, by: ['saa'] };
    await system.append([
      `red-line-${redLine}`,
      {
        key: region,
        event: {
          type: 'RedLineDeclared',
          data: { redLine, declaredBy: 'jaysh_al_islam', region, condition, text: '' },
        },
      },
    ]);
    const facts = new FactsProjection();
    const { log, databases } = system.database;
    await system.stopFolding();
    const live = await digest(facts, databases.analysis);
    expect(live.map(({ rows }) => rows > 0)).toEqual([true, true, true, true]);
    await rebuild(facts, { log, sql: databases.analysis });
    expect(await digest(facts, databases.analysis)).toEqual(live);
  });
});
