// How much of each region somebody able to report was watching, and where they were not let in.
import { Controller, Get, Query } from '@nestjs/common';
import { clipped, coverageRuns, DAY, instantOf, secondsOf, type Seconds } from '#domain';
import { formatQuery, List, Roles, members } from '#platform';
import { z } from 'zod';
import { Assessments } from '../assessment/assessments.js';
import { MAY_READ_INCIDENTS } from '../who-may.js';
import { analyticQuery, regionCode } from './query.js';
import { mustBeInOrder, mustKnowRegion, stamp, Standpoints, type Stamp, type View } from './standpoint.js';

const BEFORE = 7 * DAY;

const coverageQuery = analyticQuery({
  ...formatQuery,
  region: regionCode.optional().meta({ description: 'only this region' }),
  from: members.spanStart.optional().meta({ description: '7 days before `to`, where left out' }),
  to: members.spanEnd.optional().meta({ description: '`at`, where left out' }),
});

const coverageRow = z.object({
  code: z.string(),
  segments: z.array(z.object({ from: z.string(), to: z.string(), coverage: z.number() })),
  denials: z.array(
    z.object({
      report: z.string(),
      region: z.string(),
      from: z.string(),
      to: z.string(),
      deniedBy: z.string().nullable(),
    }),
  ),
});
type CoverageRow = z.output<typeof coverageRow>;

@Controller('v1/coverage')
@Roles(...MAY_READ_INCIDENTS)
export class CoverageController {
  constructor(
    private readonly standpoints: Standpoints,
    private readonly assessments: Assessments,
  ) {}

  @Get()
  @List({ row: coverageRow, rows: 'regions' })
  coverage(
    @Query({ schema: coverageQuery }) query: z.output<typeof coverageQuery>,
  ): Promise<Stamp & { readonly regions: readonly CoverageRow[] }> {
    return this.standpoints.look(query, (view) => {
      if (query.region !== undefined) mustKnowRegion(view.register, query.region);
      const to = query.to === undefined ? view.at : secondsOf(query.to);
      const from = query.from === undefined ? to - BEFORE : secondsOf(query.from);
      mustBeInOrder(from, to);
      const codes = query.region === undefined ? view.register.regions.all.map(({ code }) => code) : [query.region];
      return { ...stamp(view), regions: codes.map((code) => this.#rowOf(view, code, from, to)) };
    });
  }

  #rowOf({ book, lens, modalities }: View, code: string, from: Seconds, to: Seconds): CoverageRow {
    const { segments } = this.assessments.of(book, code, lens, modalities);
    const denials = book
      .factsOf(code)
      .observations.filter((one) => one.type === 'access_denied' && one.from < to && one.to > from)
      .sort((one, other) => one.from - other.from || (one.report < other.report ? -1 : 1));
    return {
      code,
      segments: coverageRuns(clipped(segments, { from, to })).map((run) => ({
        coverage: run.coverage,
        from: instantOf(run.from),
        to: instantOf(run.to),
      })),
      denials: denials.map(({ report, region, deniedBy, ...when }) => ({
        report,
        region,
        from: instantOf(when.from),
        to: instantOf(when.to),
        deniedBy,
      })),
    };
  }
}
