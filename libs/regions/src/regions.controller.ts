// The routes of regions: operators define zones and import boundaries, everybody with a token reads.
import { Body, Controller, Get, Headers, HttpStatus, Param, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import type { Instant, RegionDefined } from '#domain';
import type { CommandMeta, Position, TransactResult } from '#event-log';
import {
  CurrentCaller,
  CurrentTraceContext,
  decodeCursor,
  List,
  Problem,
  Pseudonyms,
  Roles,
  type Caller,
  type Page,
  type TraceContext,
} from '#platform';
import { DefineRegion, noSuchRegion, ReviseBoundary } from './region-commands.handler.js';
import { cursorSchema, regionsPage, regionsQuery, type RegionsQuery } from './region-list.js';
import { geometryOf, regionRow, rowOf, type RowWithGeometry } from './region-row.js';
import { boundarySchema, regionParam, regionSchema, type BoundaryBody, type RegionBody } from './region.schema.js';
import { regionQuery, AsOfResolver, type RegionQuery, type AsOf } from '#registry';

/** The sub-districts of Syria take up to 360 kB each; an unsimplified coastline takes a few MB. */
const BOUNDARY_BYTES_MAX = 5 * 2 ** 20;

type RegionResponse = { readonly code: string; readonly position: Position; readonly recordedAt: Instant | null };

@Controller('v1/regions')
export class RegionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly asOfResolver: AsOfResolver,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  @Post()
  @Roles('operator')
  async define(
    @Body({ schema: regionSchema }) body: RegionBody,
    @CurrentCaller() caller: Caller,
    @CurrentTraceContext() traceContext: TraceContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegionResponse> {
    // The parts are a set: another order is the same content.
    const content = { ...body, parts: [...body.parts].sort() };
    const meta = this.#meta(caller, traceContext, this.pseudonyms.fingerprint(content));
    const done = await this.commands.execute(new DefineRegion(definitionOf(body), meta));
    reply.status(done.outcome === 'appended' ? HttpStatus.CREATED : HttpStatus.OK);
    return respond(body.code, done, reply);
  }

  // eslint-disable-next-line max-params -- Nest passes each part of a request as a parameter
  @Put(':code/boundary')
  @Roles('operator')
  @RouteConfig({ bodyLimit: BOUNDARY_BYTES_MAX })
  async revise(
    @Param('code', { schema: regionParam }) code: string,
    @Body({ schema: boundarySchema }) boundary: BoundaryBody,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @CurrentTraceContext() traceContext: TraceContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegionResponse> {
    // No fingerprint: a boundary may return to an earlier one. The decider sees when nothing changes.
    const meta = this.#meta(caller, traceContext, null);
    const command = { type: 'ReviseBoundary', boundary } as const;
    const done = await this.commands.execute(new ReviseBoundary(code, command, meta, versionIn(ifMatch)));
    return respond(code, done, reply);
  }

  @Get()
  @List({ row: regionRow, geometry: geometryOf })
  async list(@Query({ schema: regionsQuery }) query: RegionsQuery): Promise<Page<RowWithGeometry> & AsOf> {
    const from = query.cursor === undefined ? null : decodeCursor(query.cursor, cursorSchema);
    const { register, asOf } = await this.asOfResolver.resolve(query, from?.position);
    return { ...regionsPage(register, query, from?.after ?? null), ...asOf };
  }

  @Get(':code')
  async one(
    @Param('code', { schema: regionParam }) code: string,
    @Query({ schema: regionQuery }) query: RegionQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const { register, asOf } = await this.asOfResolver.resolve(query);
    const [region, details] = [register.regions.get(code), register.regionDetails.get(code)];
    if (!region || !details) throw noSuchRegion(code);
    const row = rowOf(register, region);
    reply.header('etag', `"${details.version}"`).header('vary', 'accept');
    if (!isGeoJson(query.f, accept)) return { ...row, boundary: details.boundary, ...asOf };
    reply.type('application/geo+json; charset=utf-8');
    const properties = { ...row, ...asOf };
    return JSON.stringify({ type: 'Feature', id: code, geometry: geometryOf(row), properties });
  }

  #meta({ handle, party }: Caller, traceContext: TraceContext, fingerprint: string | null): CommandMeta {
    return { by: { who: this.pseudonyms.monitor(handle), role: 'operator', party }, fingerprint, ...traceContext };
  }
}

function definitionOf({ code, level, name, parts, boundary, from }: RegionBody): RegionDefined['data'] {
  return { region: code, level, name, parent: null, areaKm2: null, centre: null, parts, boundary, from };
}

function respond(code: string, done: TransactResult, reply: FastifyReply): RegionResponse {
  const version = done.versions.get(`region-${code}`);
  if (version !== undefined) reply.header('etag', `"${version}"`);
  return { code, position: done.position, recordedAt: done.recordedAt };
}

function versionIn(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch === '*') return null;
  const version = /^"(\d{1,15})"$/.exec(ifMatch)?.[1];
  if (version !== undefined) return Number(version);
  throw new Problem(400, 'bad-if-match', 'If-Match must be an ETag as it was answered, such as "7".');
}

function isGeoJson(f: RegionQuery['f'], accept: string | undefined): boolean {
  return f === 'geojson' || (f === undefined && (accept ?? '').includes('application/geo+json'));
}
