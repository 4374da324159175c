// Turns a failed start into one sentence with the remedy.
import {
  BadDatabaseUrl,
  CannotStartPostgres,
  DatabaseIsNewer,
  MigrationChanged,
  PostgresTooOld,
  SchemaOutdated,
} from '#database';
import { BadSettings } from '../settings/settings.js';

/** The process cannot start. The message says why and what to do. */
export class CannotStart extends Error {
  override readonly name: string = 'CannotStart';
}

export class CannotReachDatabase extends CannotStart {
  override readonly name = 'CannotReachDatabase';

  /** Errors that already have a message for the operator are returned unchanged. */
  static from(error: unknown): unknown {
    if (!isError(error) || isExplained(error)) return error;
    return new CannotReachDatabase(
      `The database of DATABASE_URL cannot be used (${error.message}): start it, or correct the URL or the privileges of its user.`,
    );
  }
}

const EXPLAINED = [
  BadDatabaseUrl,
  BadSettings,
  CannotStart,
  CannotStartPostgres,
  DatabaseIsNewer,
  MigrationChanged,
  PostgresTooOld,
  SchemaOutdated,
];

// Duck-typed, not `instanceof`: Node's own errors may come from another realm.
function isError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error;
}

function isExplained(error: Error): boolean {
  return EXPLAINED.some((kind) => error instanceof kind);
}

/** What to print on standard error. Unexpected errors include the stack, for the bug report. */
export function startFailureMessage(error: unknown): string {
  if (!isError(error)) return `Cannot start: ${String(error)}`;
  if (isExplained(error)) return error.message;
  return systemMessage(error) ?? `Cannot start because of an unexpected error:\n${error.stack ?? error.message}`;
}

type SystemError = NodeJS.ErrnoException & { readonly port?: number; readonly address?: string };

function systemMessage(error: SystemError): string | null {
  const message = error.syscall === 'listen' ? LISTEN_ERRORS[error.code ?? ''] : FILE_ERRORS[error.code ?? ''];
  return message?.(error) ?? null;
}

const LISTEN_ERRORS: Readonly<Record<string, (error: SystemError) => string>> = {
  EADDRINUSE: ({ port, address }) =>
    `Port ${port ?? '?'} of ${address ?? '?'} is in use: stop the process that listens there, or set PORT to another port.`,
  EADDRNOTAVAIL: ({ address }) =>
    `HOST ${address ?? '?'} is not an address of this machine: set it to 127.0.0.1, or to 0.0.0.0 for all of them.`,
  EACCES: ({ port }) =>
    `Port ${port ?? '?'} needs privileges that this user does not have: set PORT to a port above 1023.`,
};

const notWritable = ({ path }: SystemError): string =>
  `${path ?? 'BARADA_DIR'} is not writable by this user: set BARADA_DIR to another folder.`;
const notFolder = ({ path }: SystemError): string =>
  `${path ?? 'BARADA_DIR'} is not a folder: set BARADA_DIR to a folder.`;

const FILE_ERRORS: Readonly<Record<string, (error: SystemError) => string>> = {
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOTDIR: notFolder,
  EEXIST: notFolder,
  ENOSPC: () => 'The disk is full: free space, or set BARADA_DIR to a folder on another disk.',
  ENOTFOUND: ({ message }) => `HOST is not an address of this machine (${message}): set it to 127.0.0.1.`,
};
