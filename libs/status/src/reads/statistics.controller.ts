// Counts of incidents, by region, day, kind, accused, verification and severity.
import { Controller, Get, Query } from '@nestjs/common';
import { incidentView, secondsOf, type IncidentView, type RegionLevel, type Seconds } from '#domain';
import { formatQuery, List, Roles, members } from '#platform';
import { z } from 'zod';
import type { Observation } from '../facts/fold-observation.js';
import { MAY_READ_INCIDENTS } from '../who-may.js';
import { analyticQuery, listOf, regionCode } from './query.js';
import { mustKnowRegion, stamp, Standpoints, type Stamp, type View } from './standpoint.js';
import { DIMENSIONS, statistics, statisticsRow, type Figures, type StatisticsRow } from './statistics.js';

const LEVELS: Readonly<Record<'1' | '2' | '3', RegionLevel>> = {
  '1': 'governorate',
  '2': 'district',
  '3': 'subdistrict',
};

const statisticsQuery = analyticQuery({
  ...formatQuery,
  by: listOf(z.enum(DIMENSIONS))
    .refine((by) => new Set(by).size === by.length, 'must name each side once')
    .meta({ description: 'one or several of the sides, separated by commas', examples: ['region,day'] }),
  regionLevel: z
    .enum(['1', '2', '3'])
    .default('1')
    .meta({ description: '1: governorates, 2: districts, 3: sub-districts' }),
  region: regionCode.optional().meta({ description: 'only what counts in this region' }),
  from: members.spanStart.optional().meta({ description: 'only what began then or later' }),
  to: members.spanEnd.optional().meta({ description: 'only what began earlier' }),
});
type StatisticsQuery = z.output<typeof statisticsQuery>;

@Controller('v1/statistics')
@Roles(...MAY_READ_INCIDENTS)
export class StatisticsController {
  constructor(private readonly standpoints: Standpoints) {}

  /** Incidents of which every report was withdrawn are not counted; refuted ones are, under their level. */
  @Get()
  @List({ row: statisticsRow, rows: 'rows' })
  count(
    @Query({ schema: statisticsQuery }) query: StatisticsQuery,
  ): Promise<Stamp & { readonly rows: readonly StatisticsRow[]; readonly total: Figures }> {
    return this.standpoints.look(query, (view) => {
      const map = view.register.regions;
      if (query.region !== undefined) mustKnowRegion(view.register, query.region);
      const counting = {
        by: query.by,
        map,
        level: LEVELS[query.regionLevel],
        within:
          query.region === undefined ? null : new Set([...map.inside(query.region), ...map.containing(query.region)]),
      };
      return { ...stamp(view), ...statistics(incidentsIn(view, query), denialsIn(view, query), counting) };
    });
  }
}

function incidentsIn({ book, register, at }: View, query: StatisticsQuery): readonly IncidentView[] {
  const { region } = query;
  const found: IncidentView[] = [];
  for (const { fact, regions } of book.incidents.values()) {
    if (region !== undefined && !regions.includes(region)) continue;
    const view = incidentView(fact, register.alignments);
    if (view && !view.withdrawn && isWithin(view.from, query, at)) found.push(view);
  }
  return found;
}

function denialsIn({ book, at }: View, query: StatisticsQuery): readonly Observation[] {
  return [...book.observations].filter(
    ({ type, from, regions }) =>
      type === 'access_denied' &&
      isWithin(from, query, at) &&
      (query.region === undefined || regions.includes(query.region)),
  );
}

function isWithin(start: Seconds, { from, to }: StatisticsQuery, at: Seconds): boolean {
  if (start > at || (from !== undefined && start < secondsOf(from))) return false;
  return to === undefined || start < secondsOf(to);
}
