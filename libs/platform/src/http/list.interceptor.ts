// Writes a list in the requested format.
import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { firstValueFrom, from, map, type Observable } from 'rxjs';
import { EventLog } from '#event-log';
import { toCsv } from './csv.js';
import { requireCursorBefore } from './cursor.js';
import { FORMATS, LIMIT_MAX, LIST_KEY, MEDIA_TYPES, type AnyListOptions, type Format, type Geometry } from './list.js';

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
    const { cursor, limit, f } = list.request.query as Readonly<Record<string, unknown>>;
    if (typeof cursor === 'string') requireCursorBefore((await this.log.head()).position, cursor);
    const format = formatOf(f, list.request.headers.accept);
    if (limit === undefined && (format === 'csv' || format === 'ndjson'))
      return from(wholeList(format, list, () => firstValueFrom(next.handle()) as Promise<Body>));
    return next.handle().pipe(map((body) => inFormat(body as Body, list)));
  }
}

/** Without a limit a file has all rows: a file that ended after 100 of them would pass for complete. */
async function wholeList(
  format: 'csv' | 'ndjson',
  list: ListRequest,
  readPage: () => Promise<Body>,
): Promise<string | StreamableFile> {
  const query = list.request.query as Record<string, unknown>;
  const first = await readPage();
  if (typeof first['next'] !== 'string') return inFormat(first, list) as string;
  setListHeaders(list, format, first);
  const pages = textOfPages(format, list, first, (cursor) => nextPage(query, readPage, cursor));
  return new StreamableFile(Readable.from(pages), { type: `${MEDIA_TYPES[format]}; charset=utf-8` });
}

/** The handler reads the query of the request for each page; the cursor keeps all pages at the position of the first. */
function nextPage(query: Record<string, unknown>, readPage: () => Promise<Body>, cursor: unknown): Promise<Body> {
  Object.assign(query, { cursor, limit: String(LIMIT_MAX) });
  return readPage();
}

async function* textOfPages(
  format: 'csv' | 'ndjson',
  { options }: ListRequest,
  first: Body,
  readPage: (cursor: unknown) => Promise<Body>,
): AsyncGenerator<string, void> {
  for (let page = first, isFirst = true; ; page = await readPage(page['next']), isFirst = false) {
    yield textOf(format, rowsOf(page, options), options, isFirst);
    if (typeof page['next'] !== 'string') return;
  }
}

function rowsOf(body: Body, options: AnyListOptions): readonly unknown[] {
  return (body[options.rows ?? 'items'] ?? []) as readonly unknown[];
}

function textOf(
  format: 'csv' | 'ndjson',
  rows: readonly unknown[],
  { row }: AnyListOptions,
  withHeader: boolean,
): string {
  return format === 'csv' ? toCsv(row, rows, withHeader) : rows.map((one) => `${JSON.stringify(one)}\n`).join('');
}

function setListHeaders({ reply }: ListRequest, format: Format, { position }: Body): void {
  if (typeof position === 'number') reply.header('barada-position', String(position));
  reply.header('vary', 'accept');
  reply.type(`${MEDIA_TYPES[format]}; charset=utf-8`);
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

function inFormat(result: Body, list: ListRequest): unknown {
  const { request, reply } = list;
  const format = formatOf((request.query as Readonly<Record<string, unknown>>)['f'], request.headers.accept);
  const next = nextUrl(request.url, result['next']);
  if (next !== null) reply.header('link', `<${next}>; rel="next"`);
  setListHeaders(list, format, result);
  return serialized(format, 'next' in result ? { ...result, next } : result, list.options);
}

function serialized(format: Format, body: Body, options: AnyListOptions): unknown {
  if (format === 'json') return body;
  const rows = rowsOf(body, options) as readonly never[];
  if (format !== 'geojson') return textOf(format, rows, options, true);
  const rest = { ...body, [options.rows ?? 'items']: undefined }; // JSON leaves it out
  // Fastify serialises objects only for application/json.
  return JSON.stringify({ ...rest, type: 'FeatureCollection', features: rows.map(feature(options)) });
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
