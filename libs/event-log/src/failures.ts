// What can go wrong between us and the log.

/**
 * The database cannot be reached. Whether the command was stored is not known; sending it again with the same id is
 * safe. The edge answers 503.
 */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
  constructor(cause: unknown) {
    super('the database did not answer: it is not known whether this was stored; send it again with the same id', {
      cause,
    });
  }
}

/** The caller decided on an old version of the stream. The edge answers 412. */
export class StaleVersion extends Error {
  override readonly name = 'StaleVersion';
  constructor(
    readonly stream: string,
    readonly given: number,
    readonly actual: number,
  ) {
    super(`${stream} has version ${actual}, not ${given}: read it again and decide anew`);
  }
}

/** Others kept writing to the same streams first. The edge answers 503; trying again later is safe. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
  constructor(
    readonly stream: string,
    readonly attempts: number,
  ) {
    super(`${stream} changed under ${attempts} attempts to write to it`);
  }
}

// Class 08: connection exceptions; 57P: the server shuts down, crashed, or is not ready yet; the rest are the client's
// and the operating system's own codes. https://www.postgresql.org/docs/18/errcodes-appendix.html
const CONNECTION_CODES =
  /^(08...|57P0.|CONNECTION_CLOSED|CONNECTION_DESTROYED|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** True where the connection failed, so that nobody knows what became of the statement. */
export function isConnectionFailure(error: unknown): boolean {
  return CONNECTION_CODES.test(codeOf(error));
}

/** True where the server refused to wait any longer: nothing was done. 55P03: lock time-out, 57014: statement time-out. */
export function isTimeout(error: unknown): boolean {
  return ['55P03', '57014'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
