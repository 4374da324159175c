// A bulk body (application/x-ndjson, compression allowed), read as a stream of lines in bounded memory.
import type { Readable } from 'node:stream';
import { decompressed, encodingOf, tooLarge } from './content-encoding.js';
import { parseJson } from './json.js';
import { Problem } from './problem.js';

export type BulkLimits = {
  /** Maximum bytes of one line. */
  readonly line: number;
  /** Maximum bytes of all lines together, after decompression. */
  readonly total: number;
};

/** Numbered from 1. Blank lines are lines too; after the last line break there is no line. */
export type BulkLine = {
  readonly line: number;
  /** Null if the line is longer than the limit; other lines are not affected. */
  readonly bytes: Buffer | null;
};

/** The JSON of a line. Throws Problem 413 if it is too long, and Problem 400 if it is blank, not UTF-8 or not JSON. */
export function parseBulkLine({ bytes }: BulkLine): unknown {
  if (bytes === null) throw new Problem(413, 'too-large', 'The line is too long. Send reports without their files.');
  if (bytes.every(isBlank)) throw new Problem(400, 'empty-line', 'The line is blank: send one JSON object per line.');
  return parseJson(bytes);
}

/**
 * The value of `@Body()` (without a schema) for application/x-ndjson: `for await (const line of body) ...`.
 * Backpressure reaches the sender. Iteration throws Problem 413 if the stream is too long or a decompression bomb, and
 * Problem 400 if it cannot be decompressed.
 */
export class Bulk implements AsyncIterable<BulkLine> {
  readonly #bytes: AsyncIterable<Buffer>;
  readonly #limits: BulkLimits;

  constructor(raw: Readable, contentEncoding: string | undefined, limits: BulkLimits) {
    this.#limits = limits;
    const encoding = encodingOf(contentEncoding);
    this.#bytes = encoding === null ? chunks(raw) : decompressed(raw, encoding);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BulkLine, void> {
    const lines = new LineSplitter(this.#limits.line);
    let total = 0;
    for await (const chunk of this.#bytes) {
      total += chunk.length;
      if (total > this.#limits.total) throw tooLarge(`more than ${this.#limits.total} bytes after decompression`);
      yield* lines.push(chunk);
    }
    yield* lines.end();
  }
}

const LINE_BREAK = 10;
// Each blank line is answered, and the answer is a hundred times longer than the line.
const BLANK_LINES_MAX = 10_000;

class LineSplitter {
  #line = 1;
  #blank = 0;
  #length = 0;
  #parts: Buffer[] = [];

  constructor(private readonly limit: number) {}

  *push(chunk: Buffer): Generator<BulkLine, void> {
    let from = 0;
    for (let at = chunk.indexOf(LINE_BREAK); at !== -1; at = chunk.indexOf(LINE_BREAK, from)) {
      this.#take(chunk.subarray(from, at));
      yield this.#finish();
      from = at + 1;
    }
    this.#take(chunk.subarray(from));
  }

  *end(): Generator<BulkLine, void> {
    if (this.#length > 0) yield this.#finish();
  }

  #finish(): BulkLine {
    const bytes = this.#length > this.limit ? null : Buffer.concat(this.#parts, this.#length);
    const line = this.#line;
    if (this.#length <= 1) this.#blank += 1; // with a carriage return perhaps
    if (this.#blank > BLANK_LINES_MAX)
      throw new Problem(400, 'too-many-blank-lines', `The body has more than ${BLANK_LINES_MAX} blank lines.`);
    this.#line += 1;
    this.#length = 0;
    this.#parts = [];
    return { line, bytes };
  }

  #take(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length <= this.limit) this.#parts.push(bytes);
    else this.#parts = [];
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

// A loop that stops early must not destroy the socket: the answer is still to be sent on it.
function chunks(stream: Readable): AsyncIterable<Buffer> {
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}
