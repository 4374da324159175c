// The logger: one JSON object a line on standard error. Never logs a body, a token, a handle or a query string.
import type { LoggerService } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { pino, type DestinationStream, type Level, type Logger } from 'pino';
import { codeOf } from '../error-code.js';
import type { Settings } from '../settings/settings.js';

const STDERR = 2;

/** The ids that a log line carries. */
export type LogContext = {
  /** The request id, possibly the client's own. Not propagated to other processes. */
  readonly request?: string;
  /** The caller's trace id, if it sent one that we do not continue. Not propagated either. */
  readonly parent?: string;
  /** This one and `trace` are stored with the events and propagated. */
  readonly correlation?: string;
  readonly trace?: string;
};

/** The ids of the current work. */
export const logContext = new AsyncLocalStorage<LogContext>();

// Nest logs every module and route at start.
const STARTUP_CONTEXTS = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

// Our code never logs these; the redaction is a second line of defence.
const REDACTED = ['authorization', 'cookie', 'token', 'secret', 'handle', 'narrative', 'body'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

export class JsonLogger implements LoggerService {
  readonly #pino: Logger;

  constructor(
    level: Settings['logLevel'],
    destination: DestinationStream = pino.destination({ dest: STDERR, sync: true }),
  ) {
    const options = {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      serializers: { err: redactedError },
      redact: { paths: REDACTED, censor: '[redacted]' },
      mixin: () => ({ ...logContext.getStore() }),
    };
    this.#pino = pino(options, destination);
  }

  log(message: unknown, ...more: unknown[]): void {
    const context = more.at(-1);
    this.#write(STARTUP_CONTEXTS.has(String(context)) ? 'debug' : 'info', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.#write('fatal', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    // Nest both logs and throws if it cannot listen; the start reports the thrown error in plain words.
    this.#write(more.at(-1) === 'NestApplication' ? 'debug' : 'error', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.#write('warn', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.#write('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.#write('trace', message, more);
  }

  // Nest's convention: the last extra argument is the context; a stack may precede it.
  #write(level: Level, message: unknown, more: readonly unknown[]): void {
    const context = more.at(-1);
    const stack = more.length > 1 ? more[0] : undefined;
    const fields = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(typeof stack === 'string' ? { stack } : {}),
    };
    if (message instanceof Error) this.#pino[level]({ ...fields, err: message }, redactedError(message).message);
    else if (typeof message === 'string') this.#pino[level](fields, message);
    else this.#pino[level]({ ...fields, what: message });
  }
}

type LoggedError = {
  readonly type: string;
  readonly message: string;
  readonly code: string | null;
  readonly stack: string;
};

// PostgreSQL quotes values in its messages and details, so only the error code of those is logged.
function redactedError(error: Error): LoggedError {
  const code = codeOf(error);
  const mayQuoteData = error.name === 'PostgresError';
  const message = mayQuoteData ? `PostgreSQL error ${code ?? 'without a code'}` : error.message;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, message, code, stack: frames.join('\n') };
}
