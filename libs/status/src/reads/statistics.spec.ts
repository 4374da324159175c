import { describe, expect, it } from '@jest/globals';
import { incidentView, regionMap, secondsOf, type IncidentFact, type IncidentView, type Region } from '#domain';
import type { Observation } from '../facts/fold-observation.js';
import { Statistics, type Dimension } from './statistics.js';

const place = (code: string, level: Region['level'], parent: string | null): Region => ({
  code,
  level,
  name: { en: code, ar: null },
  parent,
  areaKm2: null,
  centre: null,
  parts: [],
});
const MAP = regionMap([
  place('SY', 'country', null),
  place('SY02', 'governorate', 'SY'),
  place('SY03', 'governorate', 'SY'),
  place('SY0307', 'district', 'SY03'),
]);

function incident(
  id: string,
  regions: readonly string[],
  over: Partial<IncidentFact['reports'][0]> = {},
): IncidentView {
  const fact: IncidentFact = {
    incident: id,
    reports: [
      {
        report: `r-${id}`,
        withdrawn: false,
        from: secondsOf('2017-01-15T23:00:00Z'),
        to: null,
        precision: 'hour',
        region: regions.at(-1) ?? 'SY',
        regions,
        kind: 'air_strike',
        severity: null,
        means: 'seen',
        accused: ['saa'],
        target: null,
        casualties: { killed: { min: 1, max: 3 }, injured: null },
        monitor: 'm',
        organisation: 'o',
        ...over,
      },
    ],
    verification: null,
    attribution: null,
    claims: [],
    mergedInto: null,
  };
  const view = incidentView(fact, new Map());
  if (!view) throw new Error('an incident with a report has a view');
  return view;
}

const denial: Observation = {
  report: 'r-d',
  type: 'access_denied',
  region: 'SY03',
  regions: ['SY', 'SY03'],
  from: secondsOf('2017-01-15T10:00:00Z'),
  to: secondsOf('2017-01-15T12:00:00Z'),
  deniedBy: 'saa',
};

const count = (views: readonly IncidentView[], by: readonly Dimension[], level: Region['level'] = 'governorate') => {
  const counted = new Statistics({ by, map: MAP, level, within: null });
  for (const view of views) counted.incident(view);
  counted.denial(denial);
  return counted.result;
};

describe('the statistics', () => {
  it('count an incident in every region that it belongs to, and once in the total', () => {
    const both = incident('i-1', ['SY', 'SY02', 'SY03']);
    const { rows, total } = count([both], ['region']);
    expect(rows.map(({ region, incidents, killedMax }) => [region, incidents, killedMax])).toEqual([
      ['SY02', 1, 3],
      ['SY03', 1, 3],
    ]);
    expect(total).toMatchObject({ incidents: 1, reports: 1, killedMin: 1, killedMax: 3, accessDenials: 1 });
  });

  it('count incidents with a less precise place in a row without a region', () => {
    const { rows } = count(
      [incident('i-1', ['SY', 'SY03', 'SY0307']), incident('i-2', ['SY', 'SY02'])],
      ['region'],
      'district',
    );
    expect(rows.map(({ region, incidents, accessDenials }) => [region, incidents, accessDenials])).toEqual([
      ['SY0307', 1, 0],
      [null, 1, 1],
    ]);
  });

  it('use the days of Damascus', () => {
    expect(
      count([incident('i-1', ['SY', 'SY03'])], ['day']).rows.map(({ day, incidents }) => [day, incidents]),
    ).toEqual([
      ['2017-01-15', 0],
      ['2017-01-16', 1],
    ]);
  });

  it('combine dimensions in the requested order, the lower severity first', () => {
    const views = [
      incident('i-1', ['SY'], { accused: [], severity: 'grave' }),
      incident('i-2', ['SY'], { accused: ['saa', 'ndf'], severity: 'minor' }),
      incident('i-3', ['SY'], { accused: ['saa'], severity: 'grave' }),
    ];
    const rows = count(views, ['severity', 'accused']).rows.filter(({ incidents }) => incidents > 0);
    expect(rows.map(({ severity, accused, incidents }) => [severity, accused, incidents])).toEqual([
      ['minor', 'ndf', 1],
      ['minor', 'saa', 1],
      ['grave', 'saa', 1],
      ['grave', 'unknown', 1],
    ]);
  });
});
