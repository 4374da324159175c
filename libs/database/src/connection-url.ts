// Understands the TLS parameters of a libpq URL, which the client does not: sslmode, sslrootcert, sslcert, sslkey.
// https://www.postgresql.org/docs/18/libpq-connect.html
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';

/** The URL cannot be used. The message says why. */
export class BadDatabaseUrl extends Error {
  override readonly name = 'BadDatabaseUrl';
}

export type ConnectionTarget = {
  /** Without the TLS parameters. */
  readonly url: string;
  /** `false`: without TLS; `prefer`: with TLS if the server offers it. */
  readonly ssl: false | 'prefer' | ConnectionOptions;
};

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];
const KNOWN = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

/** Throws BadDatabaseUrl. The default of `sslmode` is `disable`. */
export function parseConnectionUrl(text: string): ConnectionTarget {
  if (!URL.canParse(text)) return { url: text, ssl: false }; // such as a URL with several hosts
  const url = new URL(text);
  const given = new Map([...url.searchParams].filter(([name]) => name.startsWith('ssl')));
  if (given.size === 0) return { url: text, ssl: false };
  for (const name of given.keys()) {
    url.searchParams.delete(name);
    if (!KNOWN.includes(name))
      throw new BadDatabaseUrl(`DATABASE_URL: ${name} is not supported. Supported: ${KNOWN.join(', ')}.`);
  }
  return { url: url.href, ssl: sslOf(given, url.hostname.replace(/^\[|\]$/g, '')) };
}

function sslOf(given: ReadonlyMap<string, string>, host: string): ConnectionTarget['ssl'] {
  const mode = modeOf(given.get('sslmode') ?? 'disable');
  const files = [...given.keys()].filter((name) => name !== 'sslmode');
  if (mode === 'disable' || mode === 'allow' || mode === 'prefer') {
    if (files.length > 0)
      throw new BadDatabaseUrl(
        `DATABASE_URL: ${files.join(', ')} would have no effect with sslmode=${mode}: ` +
          'use sslmode=require, verify-ca or verify-full.',
      );
    return mode === 'disable' ? false : 'prefer';
  }
  return { ...clientCertificate(given), ...serverCheck(mode, given.get('sslrootcert'), host) };
}

function modeOf(text: string): Mode {
  const mode = MODES.find((known) => known === text);
  if (mode) return mode;
  throw new BadDatabaseUrl(`DATABASE_URL: sslmode=${text} is unknown. It is one of ${MODES.join(', ')}.`);
}

function clientCertificate(given: ReadonlyMap<string, string>): ConnectionOptions {
  const [cert, key] = [given.get('sslcert'), given.get('sslkey')];
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined)
    throw new BadDatabaseUrl('DATABASE_URL: sslcert and sslkey go together: name both files.');
  return { cert: readPem('sslcert', cert), key: readPem('sslkey', key) };
}

/** As libpq: `require` checks nothing, unless a root certificate is given; then it is `verify-ca`. */
function serverCheck(mode: Mode, rootFile: string | undefined, host: string): ConnectionOptions {
  if (mode === 'require' && rootFile === undefined) return { rejectUnauthorized: false };
  const ca = rootFile === undefined || rootFile === 'system' ? {} : { ca: readPem('sslrootcert', rootFile) };
  const servername = isIP(host) === 0 ? { servername: host } : {};
  // Without this, Node checks the certificate of an IP address against the name "localhost".
  const identity: ConnectionOptions['checkServerIdentity'] =
    mode === 'verify-full' ? (_, certificate) => checkServerIdentity(host, certificate) : () => undefined;
  return { ...ca, ...servername, rejectUnauthorized: true, checkServerIdentity: identity };
}

function readPem(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BadDatabaseUrl(`DATABASE_URL: the file ${file} of ${name} cannot be read (${code ?? String(error)}).`);
  }
}
