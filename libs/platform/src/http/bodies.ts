// Body parsers of Fastify: JSON and bulk, in UTF-8, compressed or not.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Settings } from '../settings/settings.js';
import { Bulk } from './bulk.js';
import { decompressed, encodingOf, tooLarge } from './content-encoding.js';
import { parseJson } from './json.js';
import { Problem } from './problem.js';

const JSON_TYPES = ['application/json', 'application/geo+json'];
const BULK_TYPE = 'application/x-ndjson';

export function parseBodies(instance: FastifyInstance, { bodyLimit, bulkLimit }: Settings): void {
  instance.removeAllContentTypeParsers();
  instance.addHook('preParsing', (request, _, payload, done) => {
    answering(done, () => {
      requireUtf8(request.headers['content-type']);
      return isBulk(request) ? payload : decompressedBody(request, payload);
    });
  });
  instance.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (_, bytes: Buffer, done) => {
    // A command without a body may still send a content type.
    answering(done, () => (bytes.toString('latin1').trim() === '' ? undefined : parseJson(bytes)));
  });
  instance.addContentTypeParser(BULK_TYPE, (request, raw, done) => {
    const limits = { line: bodyLimit, total: bulkLimit };
    answering(done, () => new Bulk(raw, request.headers['content-encoding'], limits));
  });
}

function answering<T>(done: (error: Error | null, result?: T) => void, work: () => T): void {
  let result: T;
  try {
    result = work();
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, result);
}

/** RFC 8259 defines no charset parameter, but clients that name another one do send it. */
function requireUtf8(contentType: string | undefined): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw new Problem(415, 'unsupported-charset', 'The charset must be utf-8: convert the text and send it again.');
}

function isBulk(request: FastifyRequest): boolean {
  return request.headers['content-type']?.toLowerCase().startsWith(BULK_TYPE) === true;
}

function decompressedBody(request: FastifyRequest, raw: Readable): Readable {
  const encoding = encodingOf(request.headers['content-encoding']);
  if (encoding === null) return raw;
  // Fastify stops reading beyond the limit but would let the decompression run on.
  const limit = request.routeOptions.bodyLimit;
  let received = 0;
  const chunks = decompressed(raw, encoding, (bytes) => (received += bytes));
  const body = Readable.from(limited(chunks, limit));
  // Fastify compares Content-Length with this number instead of the size after decompression.
  return Object.defineProperty(body, 'receivedEncodedLength', { get: () => received });
}

async function* limited(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer, void> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > limit) throw tooLarge(`more than ${limit} bytes after decompression`);
    yield chunk;
  }
}
