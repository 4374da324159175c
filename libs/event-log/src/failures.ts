// Errors of the event log, and which errors of PostgreSQL they stand for.

/**
 * The database cannot be reached, is full or is read-only. Resending the command with the same id is always safe.
 * HTTP answers 503.
 */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
  readonly retryAfterSeconds = 5;
  constructor(cause: unknown) {
    super(
      isRefusal(cause)
        ? 'the database cannot store anything at the moment: nothing was stored; send it again with the same id'
        : 'the database did not answer: it is unknown whether this was stored; send it again with the same id',
      { cause },
    );
  }
}

/** The caller decided on an outdated version of the stream. HTTP answers 412. */
export class StaleVersion extends Error {
  override readonly name = 'StaleVersion';
  constructor(
    readonly stream: string,
    readonly given: number,
    readonly actual: number,
  ) {
    super(`${stream} has version ${actual}, not ${given}: read it again and retry with the new version`);
  }
}

/** Other writers won every attempt on the same streams. HTTP answers 503; retrying later is safe. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
  constructor(
    readonly stream: string,
    readonly attempts: number,
  ) {
    super(`${stream} was changed by others during each of ${attempts} attempts to write to it`);
  }
}

// Class 08: connection exceptions. 57P: the server is shutting down, crashed, or is starting. The rest are codes of the
// client and the operating system. https://www.postgresql.org/docs/18/errcodes-appendix.html
const CONNECTION_CODES =
  /^(08...|57P0.|CONNECTION_CLOSED|CONNECTION_DESTROYED|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** True if the connection failed, so that the outcome of the statement is unknown. */
export function isConnectionFailure(error: unknown): boolean {
  return CONNECTION_CODES.test(codeOf(error));
}

/** True if the server cancelled the statement: nothing was done. 55P03: lock timeout, 57014: statement timeout. */
export function isTimeout(error: unknown): boolean {
  return ['55P03', '57014'].includes(codeOf(error));
}

/** True if the server cannot write: nothing was done. Class 53: out of disk, memory or connections; 25006: read-only. */
export function isRefusal(error: unknown): boolean {
  return /^(53...|25006)$/.test(codeOf(error));
}

/** True for every failure of the database that passes without a change of the request. HTTP answers 503. */
export function isUnavailable(error: unknown): boolean {
  return isConnectionFailure(error) || isTimeout(error) || isRefusal(error);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
