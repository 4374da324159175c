import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded/embedded-postgres.js';
import { postgresUser } from './embedded/user.js';
import { closePool, openPool } from './pool.js';

const START_TIMEOUT_MS = 120_000;

let folder: string;
let postgres: EmbeddedPostgres;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barada-tls-'));
  chmodSync(folder, 0o755);
  makeAuthority('ca');
  makeAuthority('other-ca');
  makeCertificate('server', 'IP:127.0.0.1,DNS:db.example');
  makeCertificate('rogue', 'DNS:localhost');
}, START_TIMEOUT_MS);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}

function makeAuthority(name: string): void {
  const subject = ['-subj', `/CN=${name}`];
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.crt`,
    ...subject,
  );
}

function makeCertificate(name: string, names: string): void {
  const request = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-subj',
    `/CN=${name}`,
  ];
  openssl(
    'req',
    '-x509',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    ...request,
    '-addext',
    `subjectAltName=${names}`,
    '-out',
    `${name}.crt`,
  );
}

// A key must belong to the user that PostgreSQL runs as.
function startWithTls(name: string): Promise<EmbeddedPostgres> {
  const user = postgresUser();
  chmodSync(path(`${name}.key`), 0o600);
  if ('uid' in user) chownSync(path(`${name}.key`), user.uid, user.gid);
  const settings = { ssl: 'on', ssl_cert_file: path(`${name}.crt`), ssl_key_file: path(`${name}.key`) };
  return startEmbeddedPostgres({ dir: path('postgres'), settings });
}

/** True if the connection is encrypted. */
async function connect({ url }: EmbeddedPostgres, query: string): Promise<boolean> {
  const sql = openPool(`${url}?${query}`, { applicationName: 'test tls', connections: 1 });
  try {
    const [row] = await sql<{ ssl: boolean }[]>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
    return row?.ssl ?? false;
  } finally {
    await closePool(sql);
  }
}

describe('A connection to a PostgreSQL with TLS', () => {
  beforeAll(async () => {
    postgres = await startWithTls('server');
  }, START_TIMEOUT_MS);
  afterAll(() => postgres.stop());

  it.each(['prefer', 'require', 'verify-ca', 'verify-full'])('is encrypted with sslmode=%s', async (mode) => {
    const root = mode.startsWith('verify') ? `&sslrootcert=${path('ca.crt')}` : '';
    expect(await connect(postgres, `sslmode=${mode}${root}`)).toBe(true);
  });

  it('is not encrypted with sslmode=disable', async () => {
    expect(await connect(postgres, 'sslmode=disable')).toBe(false);
  });

  it.each(['verify-ca', 'verify-full', 'require'])('is refused by %s for another authority', async (mode) => {
    await expect(connect(postgres, `sslmode=${mode}&sslrootcert=${path('other-ca.crt')}`)).rejects.toThrow(
      /certificate/,
    );
  });
});

describe('A PostgreSQL at an IP address with a certificate of "localhost"', () => {
  beforeAll(async () => {
    postgres = await startWithTls('rogue');
  }, START_TIMEOUT_MS);
  afterAll(() => postgres.stop());

  it('is refused by verify-full, but not by verify-ca', async () => {
    const root = `sslrootcert=${path('ca.crt')}`;
    await expect(connect(postgres, `sslmode=verify-full&${root}`)).rejects.toThrow(/127\.0\.0\.1/);
    expect(await connect(postgres, `sslmode=verify-ca&${root}`)).toBe(true);
  });
});
