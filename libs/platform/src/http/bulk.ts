// A bulk body (application/x-ndjson, gzip allowed), read as a stream of lines in bounded memory.
import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { codeOf } from '../error-code.js';
import { Problem } from './problem.js';

export type BulkLimits = {
  /** Maximum bytes of one line. */
  readonly line: number;
  /** Maximum bytes of all lines together, after decompression. */
  readonly total: number;
};

/** Numbered from 1. Empty lines are counted but not yielded. */
export type BulkLine = {
  readonly line: number;
  /** Null if the line is longer than the limit; other lines are not affected. */
  readonly text: string | null;
};

// Real reports compress to a tenth or, if repetitive, a hundredth. A decompression bomb reaches a thousandth.
const RATIO_MAX = 400;
const RATIO_FROM_BYTES = 2 ** 22;

/**
 * The value of `@Body()` (without a schema) for application/x-ndjson: `for await (const { line, text } of body) ...`.
 * Backpressure reaches the sender. Iteration throws Problem 413 if the stream is too long or a decompression bomb, and
 * Problem 400 if it cannot be decompressed.
 */
export class Bulk implements AsyncIterable<BulkLine> {
  readonly #bytes: AsyncIterable<Buffer>;
  readonly #limits: BulkLimits;

  constructor(raw: Readable, encoding: string | undefined, limits: BulkLimits) {
    this.#limits = limits;
    this.#bytes = encoding === undefined || encoding === 'identity' ? chunks(raw) : inflated(raw, encoding);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BulkLine, void> {
    const lines = new LineSplitter(this.#limits.line);
    let total = 0;
    for await (const chunk of this.#bytes) {
      total += chunk.length;
      if (total > this.#limits.total) throw tooLarge(`more than ${this.#limits.total} bytes after inflation`);
      yield* lines.push(chunk);
    }
    yield* lines.end();
  }
}

class LineSplitter {
  #line = 1;
  #length = 0;
  #text = '';
  readonly #decoder = new StringDecoder('utf8');

  constructor(private readonly limit: number) {}

  *push(chunk: Buffer): Generator<BulkLine, void> {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      this.#take(chunk.subarray(from, at));
      yield* this.end();
      from = at + 1;
    }
    this.#take(chunk.subarray(from));
  }

  *end(): Generator<BulkLine, void> {
    const isTooLong = this.#length > this.limit;
    const text = (this.#text + this.#decoder.end()).trim();
    const line = this.#line;
    this.#line += 1;
    this.#length = 0;
    this.#text = '';
    if (isTooLong || text !== '') yield { line, text: isTooLong ? null : text };
  }

  #take(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length <= this.limit) this.#text += this.#decoder.write(bytes);
  }
}

// A loop that stops early must not destroy the socket: the answer is still to be sent on it.
function chunks(stream: Readable): AsyncIterable<Buffer> {
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

function inflated(raw: Readable, encoding: string): AsyncIterable<Buffer> {
  if (encoding !== 'gzip')
    throw new Problem(415, 'unsupported-encoding', 'Content-Encoding must be gzip, or be left out.');
  return gunzipped(raw);
}

async function* gunzipped(raw: Readable): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip();
  raw.once('error', (error) => gunzip.destroy(error));
  raw.pipe(gunzip);
  let written = 0;
  try {
    for await (const chunk of chunks(gunzip)) {
      written += chunk.length;
      if (written > RATIO_FROM_BYTES && written > gunzip.bytesWritten * RATIO_MAX)
        throw tooLarge(`it inflates to more than ${RATIO_MAX} times what was sent`);
      yield chunk;
    }
  } catch (error) {
    if (codeOf(error)?.startsWith('Z_') !== true) throw error;
    throw new Problem(400, 'bad-gzip', 'The body is said to be gzip and is not, or is cut off.');
  } finally {
    raw.unpipe(gunzip);
    gunzip.destroy();
  }
}

function tooLarge(what: string): Problem {
  return new Problem(413, 'too-large', `The body is too large: ${what}. Send it in parts.`);
}
