// Writes a list in the requested format.
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { EventLog } from '#event-log';
import { toCsv } from './csv.js';
import { requireCursorBefore } from './cursor.js';
import { FORMATS, LIST_KEY, MEDIA_TYPES, type AnyListOptions, type Format, type Geometry } from './list.js';

type Body = Readonly<Record<string, unknown>>;
type ListRequest = { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly options: AnyListOptions };

@Injectable()
export class ListInterceptor implements NestInterceptor<unknown, unknown> {
  constructor(
    private readonly reflector: Reflector,
    private readonly log: EventLog,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const options = this.reflector.get<AnyListOptions | undefined>(LIST_KEY, context.getHandler());
    if (options === undefined) return next.handle();
    const http = context.switchToHttp();
    const list: ListRequest = { request: http.getRequest(), reply: http.getResponse(), options };
    const { cursor } = list.request.query as Readonly<Record<string, unknown>>;
    if (typeof cursor === 'string') requireCursorBefore((await this.log.head()).position, cursor);
    return next.handle().pipe(map((body) => inFormat(body as Body, list)));
  }
}

/** From `?f=` (validated by the schema), else from Accept; JSON if Accept names no format of ours. */
export function formatOf(f: unknown, accept: string | undefined): Format {
  const named = FORMATS.find((format) => format === f);
  if (named !== undefined) return named;
  const ranges = (accept ?? '')
    .split(',')
    .map(range)
    .filter(({ quality }) => quality > 0);
  ranges.sort((one, other) => other.quality - one.quality);
  const found = ranges.flatMap(({ type }) =>
    FORMATS.filter((format) => MEDIA_TYPES[format] === type || type === '*/*'),
  );
  return found[0] ?? 'json';
}

function range(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: q === undefined ? 1 : Number(q.slice(2)) };
}

function inFormat(result: Body, { request, reply, options }: ListRequest): unknown {
  const query = request.query as Readonly<Record<string, unknown>>;
  const next = nextUrl(request.url, result['next']);
  const body = 'next' in result ? { ...result, next } : result;
  if (next !== null) reply.header('link', `<${next}>; rel="next"`);
  if (typeof result['position'] === 'number') reply.header('barada-position', String(result['position']));
  reply.header('vary', 'accept');
  const format = formatOf(query['f'], request.headers.accept);
  reply.type(`${MEDIA_TYPES[format]}; charset=utf-8`);
  return serialized(format, body, options);
}

function serialized(format: Format, body: Body, options: AnyListOptions): unknown {
  const { [options.rows ?? 'items']: rows, ...rest } = body as Body & Readonly<Record<string, readonly never[]>>;
  switch (format) {
    case 'json':
      return body;
    case 'csv':
      return toCsv(options.row, rows ?? []);
    case 'ndjson':
      return (rows ?? []).map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'geojson':
      // Fastify serialises objects only for application/json.
      return JSON.stringify({ ...rest, type: 'FeatureCollection', features: (rows ?? []).map(feature(options)) });
  }
}

function feature({ geometry }: AnyListOptions): (row: never) => object {
  const at = geometry as ((row: unknown) => Geometry | null) | undefined;
  return (row) => ({ type: 'Feature', geometry: at?.(row) ?? null, properties: row });
}

// Relative to the root: correct with any proxy in front, and `new URL(next, base)` completes it.
function nextUrl(url: string, cursor: unknown): string | null {
  if (typeof cursor !== 'string') return null;
  const next = new URL(url, 'http://any');
  next.searchParams.set('cursor', cursor);
  return `${next.pathname}${next.search}`;
}
