// Why it could not start: one clear sentence each, with the cure.
import { CannotStartPostgres, DatabaseIsNewer, MigrationChanged, PostgresTooOld } from '#database';
import { BadSettings } from '../settings/settings.js';

/** A start that cannot be, in one sentence with the cure. */
export class CannotStart extends Error {
  override readonly name: string = 'CannotStart';
}

export class CannotReachDatabase extends CannotStart {
  override readonly name = 'CannotReachDatabase';

  /** What already is a sentence is left as it is. */
  static orElse(error: unknown): unknown {
    if (!isError(error) || hasSentence(error)) return error;
    return new CannotReachDatabase(
      `The database of DATABASE_URL cannot be used (${error.message}): start it, or correct the URL or its user's rights.`,
    );
  }
}

const SENTENCES = [BadSettings, CannotStart, CannotStartPostgres, DatabaseIsNewer, MigrationChanged, PostgresTooOld];

// Looks instead of asking `instanceof`: Node's own errors may come from another realm.
function isError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error;
}

function hasSentence(error: Error): boolean {
  return SENTENCES.some((kind) => error instanceof kind);
}

/** What to print on standard error. Of what nobody foresaw the stack, for it wants a bug report. */
export function startFailureMessage(error: unknown): string {
  if (!isError(error)) return `It could not start: ${String(error)}`;
  if (hasSentence(error)) return error.message;
  return ofSystem(error) ?? `It could not start, for a reason that nobody foresaw:\n${error.stack ?? error.message}`;
}

type SystemError = NodeJS.ErrnoException & { readonly port?: number; readonly address?: string };

function ofSystem(error: SystemError): string | null {
  const sentence = error.syscall === 'listen' ? OF_LISTENING[error.code ?? ''] : OF_FILES[error.code ?? ''];
  return sentence?.(error) ?? null;
}

const OF_LISTENING: Readonly<Record<string, (error: SystemError) => string>> = {
  EADDRINUSE: ({ port, address }) =>
    `Port ${port ?? '?'} of ${address ?? '?'} is taken: stop what listens there, or set PORT to another one.`,
  EADDRNOTAVAIL: ({ address }) =>
    `HOST ${address ?? '?'} is no address of this machine: set it to 127.0.0.1, or to 0.0.0.0 for all of them.`,
  EACCES: ({ port }) => `Port ${port ?? '?'} may not be listened on by this user: set PORT to one above 1023.`,
};

const notWritable = ({ path }: SystemError): string =>
  `${path ?? 'BARADA_DIR'} may not be written to by this user: set BARADA_DIR to another folder.`;
const notFolder = ({ path }: SystemError): string => `${path ?? 'BARADA_DIR'} is not a folder: set BARADA_DIR to one.`;

const OF_FILES: Readonly<Record<string, (error: SystemError) => string>> = {
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOTDIR: notFolder,
  EEXIST: notFolder,
  ENOSPC: () => 'The disk is full: make room, or set BARADA_DIR to a folder on another one.',
  ENOTFOUND: ({ message }) => `HOST is no address of this machine (${message}): set it to 127.0.0.1.`,
};
