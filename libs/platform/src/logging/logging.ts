// One JSON line for each thing worth knowing, on standard error. Never a body, a token, a handle or a query.
import type { LoggerService } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { pino, type DestinationStream, type Level, type Logger } from 'pino';
import { codeOf } from '../error-code.js';
import type { Settings } from '../settings/settings.js';

const STDERR = 2;

/** What a line carries of what it is about, so that it can be found. */
export type LogContext = {
  /** The request's id, perhaps as the client made it. It stays in the lines of the process that answers. */
  readonly request?: string;
  /** The caller's own trace, where it has one and ours is another. It stays there too. */
  readonly parent?: string;
  /** These two travel with the events. */
  readonly correlation?: string;
  readonly trace?: string;
};

/** The ids of what is being worked on, where it has some. */
export const logContext = new AsyncLocalStorage<LogContext>();

// Nest tells every route and module that it finds.
const CHATTER = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'NestFactory', 'NestApplication']);

// Nothing of ours logs these; this stands for the day on which somebody does.
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
      serializers: { err: told },
      redact: { paths: REDACTED, censor: '[redacted]' },
      mixin: () => ({ ...logContext.getStore() }),
    };
    this.#pino = pino(options, destination);
  }

  log(message: unknown, ...more: unknown[]): void {
    const context = more.at(-1);
    this.#write(CHATTER.has(String(context)) ? 'debug' : 'info', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.#write('fatal', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    // Of a port that cannot be listened on Nest speaks, and throws too: whoever started it says it better.
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

  // Nest's convention: the last of the more is the context, and an error's stack may stand before it.
  #write(level: Level, message: unknown, more: readonly unknown[]): void {
    const context = more.at(-1);
    const stack = more.length > 1 ? more[0] : undefined;
    const fields = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(typeof stack === 'string' ? { stack } : {}),
    };
    if (message instanceof Error) this.#pino[level]({ ...fields, err: message }, told(message).message);
    else if (typeof message === 'string') this.#pino[level](fields, message);
    else this.#pino[level]({ ...fields, what: message });
  }
}

type Told = { readonly type: string; readonly message: string; readonly code: string | null; readonly stack: string };

// PostgreSQL quotes what it was given in its messages and details: of those only what is ours to know.
function told(error: Error): Told {
  const code = codeOf(error);
  const isQuoting = error.name === 'PostgresError';
  const message = isQuoting ? `PostgreSQL answers ${code ?? 'an error'}` : error.message;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, message, code, stack: frames.join('\n') };
}
