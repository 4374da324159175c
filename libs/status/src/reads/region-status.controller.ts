// GET /v1/regions/{code}/status and /timeline: the status of one region with its explanation, and over time.
import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  assessmentAt,
  clipped,
  DAY,
  HOUR,
  instantOf,
  mergedSegments,
  secondsOf,
  summaryAt,
  STATUSES,
  type Interval,
  type Seconds,
  type Segment,
} from '#domain';
import { CurrentCaller, formatQuery, List, Roles, type Caller } from '#platform';
import { z } from 'zod';
import { Assessments } from '../assessment/assessments.js';
import { worstInside } from '../assessment/status-rows.js';
import { mayReadIncidents, MAY_READ_STATUS } from '../who-may.js';
import { analyticQuery, regionCode, spanEnd, spanStart } from './query.js';
import { mustBeSpan, regionIn, AsOfReads, type Stamp } from './as-of.js';
import { rowOf, whyOf } from './status.answer.js';

const TIMELINE_BEFORE = 30 * DAY;
/** By then all current incidents have left the window and the level has stepped down. */
const TIMELINE_AFTER = 240 * HOUR;

const statusQuery = analyticQuery({});
const timelineQuery = analyticQuery({
  ...formatQuery,
  from: spanStart.optional().meta({ description: '30 days before `at` if omitted' }),
  to: spanEnd.optional().meta({ description: '10 days after `at` if omitted' }),
});
const segmentRow = z.object({
  from: z.string(),
  to: z.string(),
  status: z.enum(STATUSES),
  intensity: z.number(),
  coverage: z.number(),
});
type SegmentRow = z.output<typeof segmentRow>;

@Controller('v1/regions/:code')
@Roles(...MAY_READ_STATUS)
export class RegionStatusController {
  constructor(
    private readonly asOfReads: AsOfReads,
    private readonly assessments: Assessments,
  ) {}

  @Get('status')
  status(
    @Param('code', { schema: regionCode }) code: string,
    @Query({ schema: statusQuery }) query: z.output<typeof statusQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const isTold = mayReadIncidents(caller);
    return this.asOfReads.look(query, (view) => {
      const { book, register, lens, modalities, at } = view;
      const region = regionIn(register, code);
      const worked = this.assessments.of(book, code, lens, modalities);
      const inside = register.regions
        .inside(code)
        .map((inner) => [inner, summaryAt(this.assessments.of(book, inner, lens, modalities), at)] as const);
      const row = rowOf(region, summaryAt(worked, at), worstInside(register.regions, code, new Map(inside)), isTold);
      return { ...row, why: whyOf(assessmentAt(worked, at), isTold) };
    });
  }

  @Get('timeline')
  @List({ row: segmentRow, rows: 'segments' })
  async timeline(
    @Param('code', { schema: regionCode }) code: string,
    @Query({ schema: timelineQuery }) query: z.output<typeof timelineQuery>,
  ): Promise<Stamp & { readonly region: string; readonly segments: readonly SegmentRow[] }> {
    const spanOf = (at: Seconds): Interval => {
      const from = query.from === undefined ? at - TIMELINE_BEFORE : secondsOf(query.from);
      const to = query.to === undefined ? Math.max(at, from) + TIMELINE_AFTER : secondsOf(query.to);
      mustBeSpan({ from, to });
      return { from, to };
    };
    const looked = await this.asOfReads.lookOver(query, spanOf, (view) => {
      const { book, register, lens, modalities, part } = view;
      regionIn(register, code);
      const { segments } = this.assessments.of(book, code, lens, modalities);
      return clipped(segments, part);
    });
    return { ...looked.stamp, region: code, segments: mergedSegments(looked.parts.flat()).map(told) };
  }
}

function told(segment: Segment): SegmentRow {
  return { ...segment, from: instantOf(segment.from), to: instantOf(segment.to) };
}
