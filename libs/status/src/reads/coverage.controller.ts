// GET /v1/coverage: the coverage of each region over time, and its access denials.
import { Controller, Get, Query } from '@nestjs/common';
import {
  clipped,
  coverageRuns,
  DAY,
  instantOf,
  secondsOf,
  type Interval,
  type ObservationFact,
  type Seconds,
  type Segment,
} from '#domain';
import { formatQuery, List, Roles } from '#platform';
import { z } from 'zod';
import { Assessments } from '../assessment/assessments.js';
import { MAY_READ_INCIDENTS } from '../who-may.js';
import { analyticQuery, regionCode, spanEnd, spanStart } from './query.js';
import { mustBeSpan, mustKnow, AsOfReads, type Stamp, type View } from './as-of.js';

const BEFORE = 7 * DAY;

const coverageQuery = analyticQuery({
  ...formatQuery,
  region: regionCode.optional().meta({ description: 'only this region' }),
  from: spanStart.optional().meta({ description: '7 days before `to` if omitted' }),
  to: spanEnd.optional().meta({ description: '`at` if omitted' }),
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
    private readonly asOfReads: AsOfReads,
    private readonly assessments: Assessments,
  ) {}

  @Get()
  @List({ row: coverageRow, rows: 'regions' })
  async coverage(
    @Query({ schema: coverageQuery }) query: z.output<typeof coverageQuery>,
  ): Promise<Stamp & { readonly regions: readonly CoverageRow[] }> {
    const spanOf = (at: Seconds): Interval => {
      const to = query.to === undefined ? at : secondsOf(query.to);
      const from = query.from === undefined ? to - BEFORE : secondsOf(query.from);
      mustBeSpan({ from, to });
      return { from, to };
    };
    const looked = await this.asOfReads.lookOver(query, spanOf, (view) => {
      mustKnow(view.register, query);
      const codes = query.region === undefined ? view.register.regions.all.map(({ code }) => code) : [query.region];
      return codes.map((code) => this.#seenIn(view, code));
    });
    const [first = []] = looked.parts;
    const regions = first.map(({ code }, index) =>
      rowOf(
        code,
        looked.parts.flatMap((seen) => seen[index] ?? []),
      ),
    );
    return { ...looked.stamp, regions };
  }

  #seenIn({ book, lens, modalities, part }: View & { readonly part: Interval }, code: string): Seen {
    const { segments } = this.assessments.of(book, code, lens, modalities);
    const denials = book
      .factsOf(code)
      .observations.filter((one) => one.type === 'access_denied' && one.from < part.to && one.to > part.from);
    return { code, segments: clipped(segments, part), denials };
  }
}

/** The coverage and denials of a region within a part of the span. */
type Seen = {
  readonly code: string;
  readonly segments: readonly Segment[];
  readonly denials: readonly ObservationFact[];
};

function rowOf(code: string, parts: readonly Seen[]): CoverageRow {
  // A long denial appears in several parts.
  const denials = new Map(parts.flatMap((part) => part.denials.map((denial) => [denial.report, denial])));
  return {
    code,
    segments: coverageRuns(parts.flatMap(({ segments }) => segments)).map((run) => ({
      coverage: run.coverage,
      from: instantOf(run.from),
      to: instantOf(run.to),
    })),
    denials: [...denials.values()]
      .sort((one, other) => one.from - other.from || (one.report < other.report ? -1 : 1))
      .map(({ report, region, deniedBy, from, to }) => ({
        report,
        region,
        from: instantOf(from),
        to: instantOf(to),
        deniedBy,
      })),
  };
}
