// Decompresses request bodies (Content-Encoding: gzip, br or zstd) within bounds, because a few bytes can expand to gigabytes.
import type { Readable, Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createZstdDecompress, type Gunzip } from 'node:zlib';
import { Problem } from './problem.js';

// Real reports compress to a tenth or, if repetitive, a hundredth. A decompression bomb reaches a thousandth.
const RATIO_MAX = 400;
const RATIO_FROM_BYTES = 2 ** 22;
// 8 MiB, the window that RFC 9659 allows for HTTP; the library would allocate up to 128 MiB for a request.
const ZSTD_WINDOW_LOG_MAX = 23;

type Encoding = 'gzip' | 'br' | 'zstd';
type Decoder = Transform & Pick<Gunzip, 'bytesWritten'>;

const DECODERS: Readonly<Record<Encoding, () => Decoder>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } }),
};

/** The encoding that a header names; null if the body is not encoded. Throws Problem 415 for any other. */
export function encodingOf(header: string | undefined): Encoding | null {
  const name = (header ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return null;
  if (name === 'x-gzip') return 'gzip'; // RFC 9110, section 8.4.1.3
  if (name === 'gzip' || name === 'br' || name === 'zstd') return name;
  throw new Problem(415, 'unsupported-encoding', 'Content-Encoding must be gzip, br or zstd, or be left out.', {
    headers: { 'accept-encoding': 'gzip, br, zstd' },
  });
}

/**
 * Iteration throws Problem 413 for a decompression bomb, and Problem 400 if the bytes are not in this encoding.
 * `onReceived` is called with the size of each compressed chunk.
 */
export async function* decompressed(
  raw: Readable,
  encoding: Encoding,
  onReceived: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer, void> {
  const decoder = DECODERS[encoding]();
  raw.once('error', (error) => decoder.destroy(error));
  raw.pipe(decoder);
  raw.on('data', (chunk: Buffer) => {
    onReceived(chunk.length);
  });
  let written = 0;
  try {
    for await (const chunk of decoder.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      written += chunk.length;
      if (written > RATIO_FROM_BYTES && written > decoder.bytesWritten * RATIO_MAX)
        throw tooLarge(`it decompresses to more than ${RATIO_MAX} times its size`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Problem || raw.errored !== null) throw error;
    throw new Problem(400, `bad-${encoding}`, `The body is not valid ${encoding}, or is truncated.`);
  } finally {
    raw.unpipe(decoder);
    decoder.destroy();
  }
}

export function tooLarge(what: string): Problem {
  return new Problem(413, 'too-large', `The body is too large: ${what}. Send it in parts.`);
}
