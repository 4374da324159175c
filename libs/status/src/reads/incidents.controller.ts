// GET /v1/incidents: the list with its filters, one incident, and its history.
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { instantOf, REPORT_KINDS, VERIFICATION_LEVELS, type Region } from '#domain';
import {
  CurrentCaller,
  decodeCursor,
  encodeCursor,
  etag,
  List,
  listQuery,
  Problem,
  Roles,
  type Caller,
  type Geometry,
  type Page,
  members,
} from '#platform';
import { z } from 'zod';
import { mayReadText, MAY_READ_INCIDENTS } from '../who-may.js';
import { IncidentHistory, type HistoryEntry } from './incident-history.js';
import {
  incidentAnswerOf,
  incidentRow,
  incidentRowOf,
  told,
  type IncidentAnswer,
  type IncidentRow,
} from './incident.answer.js';
import { IncidentRows, type Place } from './incident-rows.js';
import { analyticInstant, analyticQuery, incidentId, listOf, regionCode, spanEnd, spanStart } from './query.js';
import { mustBeInOrder, mustKnow, stamp, AsOfReads, type Stamp, type AsOf } from './as-of.js';

/** Rows read at a time when filters outside SQL may drop most of them. */
const SCAN = 1_000;
const BBOX = /^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$/;

const incidentsQuery = analyticQuery({
  ...listQuery,
  region: regionCode.optional().meta({ description: 'only incidents that count in this region' }),
  from: spanStart.optional().meta({ description: 'only incidents that began then or later' }),
  to: spanEnd.optional().meta({ description: 'only incidents that began earlier' }),
  kind: listOf(z.enum(REPORT_KINDS))
    .optional()
    .meta({ examples: ['air_strike,indirect_fire'] }),
  accused: listOf(members.code)
    .optional()
    .meta({ examples: ['saa'] }),
  verification: listOf(z.enum(VERIFICATION_LEVELS))
    .optional()
    .meta({ examples: ['verified_remote,verified_on_site'] }),
  determination: z.literal('pending').optional(),
  bbox: z
    .string()
    .regex(BBOX, 'must be four numbers: west,south,east,north')
    .transform((text) => text.split(',').map(Number))
    .refine(isOnGlobe, 'must be within -180 to 180 degrees of longitude and -90 to 90 of latitude, south before north')
    .optional()
    .meta({
      description: 'only incidents whose region has its centre inside: searching by exact points is not possible',
      examples: ['36.0,33.5,36.3,33.7'],
    }),
});
type IncidentsQuery = z.output<typeof incidentsQuery>;

const oneQuery = analyticQuery({});

const cursorSchema = z.strictObject({
  position: z.int().min(0),
  at: analyticInstant,
  startedAt: members.instant,
  incident: incidentId,
});

// A symbol keeps it out of the JSON row: GeoJSON gets the region's centre, and nothing more exact.
const CENTRE = Symbol('centre');
type PlacedRow = IncidentRow & { readonly [CENTRE]?: Region['centre'] };

@Controller('v1/incidents')
@Roles(...MAY_READ_INCIDENTS)
export class IncidentsController {
  constructor(
    private readonly asOfReads: AsOfReads,
    private readonly rows: IncidentRows,
    private readonly histories: IncidentHistory,
  ) {}

  @Get()
  @List({ row: incidentRow, geometry: centreOf })
  async list(@Query({ schema: incidentsQuery }) query: IncidentsQuery): Promise<Page<PlacedRow> & Stamp> {
    mustBeInOrder(query);
    const from = query.cursor === undefined ? null : decodeCursor(query.cursor, cursorSchema);
    const asOf = await this.asOfReads.of(from ? { ...query, at: from.at } : query, from?.position);
    mustKnow(asOf.register, query);
    const { items, after } = await this.#page(query, asOf, from);
    const { position } = asOf;
    const next = after && encodeCursor({ position, at: instantOf(asOf.at), ...after });
    return { ...stamp(asOf), items, next };
  }

  /** `after`: where the next page continues; null: this is the last page. */
  async #page(
    query: IncidentsQuery,
    asOf: AsOf,
    from: Place | null,
  ): Promise<{ readonly items: readonly PlacedRow[]; readonly after: Place | null }> {
    const filter = { ...query, kinds: query.kind, begunBy: instantOf(asOf.at) };
    const scan = query.verification || query.bbox ? SCAN : query.limit;
    const items: PlacedRow[] = [];
    for (let after = from; ;) {
      const found = await this.rows.page(asOf.position, filter, after, scan);
      for (const { doc, startedAt, incident } of found) {
        after = { startedAt, incident };
        const row = wantedRow(told(doc, asOf), query, asOf);
        if (row) items.push(row);
        if (items.length === query.limit) return { items, after };
      }
      if (found.length < scan) return { items, after: null };
    }
  }

  @Get(':id')
  async one(
    @Param('id', { schema: incidentId }) id: string,
    @Query({ schema: oneQuery }) query: z.output<typeof oneQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Stamp & IncidentAnswer> {
    const asOf = await this.asOfReads.of(query);
    const { position } = asOf;
    const fact = await this.rows.survivor(position, id);
    const one = fact && told(fact, asOf);
    if (!one) throw noSuchIncident(id);
    reply.header('etag', etag(await this.histories.versionOf(one.fact.incident, position)));
    const formerIds = await this.rows.formerIds(position, one.fact.incident);
    const mergedInto = one.fact.incident === id ? null : one.fact.incident;
    const ids = { mergedInto, formerIds: [...formerIds] };
    return { ...stamp(asOf), ...incidentAnswerOf(one, asOf, ids) };
  }

  @Get(':id/history')
  async history(
    @Param('id', { schema: incidentId }) id: string,
    @Query({ schema: oneQuery }) query: z.output<typeof oneQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<Stamp & { readonly id: string; readonly events: readonly HistoryEntry[] }> {
    const asOf = await this.asOfReads.of(query);
    const { position } = asOf;
    const fact = await this.rows.survivor(position, id);
    if (!fact) throw noSuchIncident(id);
    const ids = [fact.incident, ...(await this.rows.formerIds(position, fact.incident))];
    const events = await this.histories.of(ids, position, mayReadText(caller));
    return { ...stamp(asOf), id: fact.incident, events };
  }
}

/** The filters that SQL cannot apply: the level depends on the registers, the place on the map. */
function wantedRow(one: ReturnType<typeof told>, query: IncidentsQuery, asOf: AsOf): PlacedRow | null {
  if (!one || one.view.withdrawn) return null;
  if (query.verification && !query.verification.includes(one.view.level)) return null;
  const centre = asOf.register.regions.get(one.view.lead.region)?.centre ?? null;
  if (query.bbox && !isInside(query.bbox, centre)) return null;
  return { ...incidentRowOf(one, asOf), [CENTRE]: centre };
}

function isOnGlobe([west = NaN, south = NaN, east = NaN, north = NaN]: readonly number[]): boolean {
  return Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && south <= north && north <= 90;
}

function isInside([west = 0, south = 0, east = 0, north = 0]: readonly number[], centre: Region['centre']): boolean {
  if (!centre) return false;
  const { lon, lat } = centre;
  // Across the date line, west may be greater than east (RFC 7946, section 5.2).
  const inLongitude = west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
  return inLongitude && lat >= south && lat <= north;
}

function centreOf(row: PlacedRow): Geometry | null {
  const centre = row[CENTRE];
  return centre ? { type: 'Point', coordinates: [centre.lon, centre.lat] } : null;
}

function noSuchIncident(id: string): Problem {
  return new Problem(404, 'unknown-incident', `The incident ${id} is unknown.`);
}
