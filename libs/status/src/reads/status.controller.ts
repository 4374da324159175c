// GET /v1/status: the status of every region.
import { Controller, Get, Query } from '@nestjs/common';
import { CurrentCaller, formatQuery, List, Roles, type Caller } from '#platform';
import type { z } from 'zod';
import { Assessments } from '../assessment/assessments.js';
import { standings, worstInside } from '../assessment/status-rows.js';
import { mayReadIncidents, MAY_READ_STATUS } from '../who-may.js';
import { analyticQuery } from './query.js';
import { AsOfReads, type Stamp } from './as-of.js';
import { regionRow, rowOf, type RegionRow } from './status.answer.js';

const statusQuery = analyticQuery(formatQuery);

@Controller('v1/status')
@Roles(...MAY_READ_STATUS)
export class StatusController {
  constructor(
    private readonly asOfReads: AsOfReads,
    private readonly assessments: Assessments,
  ) {}

  @Get()
  @List({ row: regionRow, rows: 'regions' })
  ofAll(
    @Query({ schema: statusQuery }) query: z.output<typeof statusQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<Stamp & { readonly regions: readonly RegionRow[] }> {
    const isTold = mayReadIncidents(caller);
    return this.asOfReads.look(query, (view) => {
      const map = view.register.regions;
      const all = standings(this.assessments, view);
      const regions = map.all.flatMap((region) => {
        const standing = all.get(region.code);
        return standing ? rowOf(region, standing, worstInside(map, region.code, all), isTold) : [];
      });
      return { regions };
    });
  }
}
