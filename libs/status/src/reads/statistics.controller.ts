// GET /v1/statistics: counts of incidents by region, day, kind, accused, verification and severity.
import { Controller, Get, Query } from '@nestjs/common';
import { incidentView, instantOf, type RegionLevel } from '#domain';
import { formatQuery, List, Roles } from '#platform';
import { z } from 'zod';
import { MAY_READ_INCIDENTS } from '../who-may.js';
import { BegunRows } from './begun-rows.js';
import { analyticQuery, listOf, regionCode, spanEnd, spanStart } from './query.js';
import { mustKnow, mustBeInOrder, stamp, AsOfReads, type Stamp } from './as-of.js';
import { DIMENSIONS, Statistics, statisticsRow, type Figures, type StatisticsRow } from './statistics.js';

const LEVELS: Readonly<Record<'1' | '2' | '3', RegionLevel>> = {
  '1': 'governorate',
  '2': 'district',
  '3': 'subdistrict',
};

const statisticsQuery = analyticQuery({
  ...formatQuery,
  by: listOf(z.enum(DIMENSIONS))
    .refine((by) => new Set(by).size === by.length, 'must name each dimension once')
    .meta({ description: 'one or several dimensions, separated by commas', examples: ['region,day'] }),
  regionLevel: z
    .enum(['1', '2', '3'])
    .default('1')
    .meta({ description: '1: governorates, 2: districts, 3: sub-districts' }),
  region: regionCode.optional().meta({ description: 'only incidents that count in this region' }),
  from: spanStart.optional().meta({ description: 'only incidents that began then or later' }),
  to: spanEnd.optional().meta({ description: 'only incidents that began earlier' }),
});
type StatisticsQuery = z.output<typeof statisticsQuery>;

@Controller('v1/statistics')
@Roles(...MAY_READ_INCIDENTS)
export class StatisticsController {
  constructor(
    private readonly asOfReads: AsOfReads,
    private readonly begun: BegunRows,
  ) {}

  /** Incidents with only withdrawn reports are not counted; refuted ones are, under their level. */
  @Get()
  @List({ row: statisticsRow, rows: 'rows' })
  async count(
    @Query({ schema: statisticsQuery }) query: StatisticsQuery,
  ): Promise<Stamp & { readonly rows: readonly StatisticsRow[]; readonly total: Figures }> {
    mustBeInOrder(query);
    const view = await this.asOfReads.of(query);
    const { register, position } = view;
    const map = register.regions;
    mustKnow(register, query);
    const counted = new Statistics({
      by: query.by,
      map,
      level: LEVELS[query.regionLevel],
      within:
        query.region === undefined ? null : new Set([...map.inside(query.region), ...map.containing(query.region)]),
    });
    const filter = { ...query, begunBy: instantOf(view.at) };
    for await (const { doc } of this.begun.incidents(position, filter)) {
      const seen = incidentView(doc, register.alignments);
      if (seen && !seen.withdrawn) counted.incident(seen);
    }
    for await (const { doc } of this.begun.denials(position, filter)) counted.denial(doc);
    return { ...stamp(view), ...counted.result };
  }
}
