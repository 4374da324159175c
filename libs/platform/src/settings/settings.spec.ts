import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '#database';
import { BadSettings, settingNames, Settings, settingsTable } from './settings.js';

function messages(env: Record<string, string>): readonly string[] {
  try {
    Settings.from(env);
    return [];
  } catch (error) {
    if (error instanceof BadSettings) return error.messages;
    throw error;
  }
}

describe('the settings', () => {
  it('have defaults, also if a variable is empty', () => {
    expect(Settings.from({ PORT: '', DATABASE_URL: '' })).toEqual(Settings.from({}));
    expect(Settings.from({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      directory: '.barada',
      databaseUrl: null,
      issuers: [],
      webhookAllow: [],
      alertHorizonDays: 30,
      bodyLimit: 2 ** 20,
      logLevel: 'info',
    });
  });

  it('accept lists separated by commas', () => {
    expect(
      Settings.from({
        WEBHOOK_ALLOW: '127.0.0.1, 10.0.0.0/8,',
        OIDC_ISSUERS: 'https://id.example/realms/one,https://id.example/two=https://keys.example/jwks?a=b',
      }),
    ).toMatchObject({
      webhookAllow: ['127.0.0.1', '10.0.0.0/8'],
      issuers: [
        { issuer: 'https://id.example/realms/one', jwks: null },
        { issuer: 'https://id.example/two', jwks: 'https://keys.example/jwks?a=b' },
      ],
    });
  });

  it.each([
    ['PORT', 'http', 'PORT must be a port: a whole number from 0 to 65535.'],
    ['PORT', '65536', 'PORT must be a port: a whole number from 0 to 65535.'],
    ['DATABASE_URL', 'mysql://x', /^DATABASE_URL must begin with postgres:\/\/ .*\.$/],
    ['OIDC_ISSUERS', 'me', /^OIDC_ISSUERS must list http or https URLs.*\.$/],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL must be one of trace, debug.*\.$/],
    ['BARADA_SECRET', 'abc', /^BARADA_SECRET must be 64 hexadecimal digits.*\.$/],
    ['KAFKA_BROKERS', 'kafka', /^KAFKA_BROKERS must list brokers as `host:port`.*\.$/],
    ['KAFKA_PARTITIONS', '0', /^KAFKA_PARTITIONS must be a number of partitions: a whole number from 1 .*\.$/],
    ['KAFKA_SSL', 'yes', 'KAFKA_SSL must be true or false.'],
    ['BARADA_SECRET_FILE', '/no/such/file', /^BARADA_SECRET_FILE names a file that cannot be read \(ENOENT\)\.$/],
    ['BARADA_URL', 'localhost:3000', /^BARADA_URL must be an http or https URL.*\.$/],
  ])('say what is wrong with %s=%s', (variable, value, sentence) => {
    expect(messages({ [variable]: value })).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    ['KAFKA_BROKER', 'KAFKA_BROKER is not a setting; did you mean KAFKA_BROKERS?'],
    ['BARADA_SECERT_FILE', 'BARADA_SECERT_FILE is not a setting; did you mean BARADA_SECRET_FILE?'],
    ['OIDC_ISSUER', 'OIDC_ISSUER is not a setting; did you mean OIDC_ISSUERS?'],
    ['BARADA_COLOUR_OF_BIKESHED', /^BARADA_COLOUR_OF_BIKESHED is not a setting: remove it/],
  ])('refuse %s, which is not one of them', (variable, message) => {
    expect(messages({ [variable]: '1' })).toEqual([expect.stringMatching(message)]);
  });

  it('ignore variables of other programs', () => {
    expect(
      messages({ KAFKA_HEAP_OPTS: '-Xmx1g', LOG_DIR: '/var/log', PORTS: '1', PATH: '/bin', HOSTNAME: 'x' }),
    ).toEqual([]);
  });

  it('describe the brokers and the topic', () => {
    expect(Settings.from({}).kafka).toEqual({
      brokers: [],
      topic: 'barada.events',
      partitions: 6,
      replication: 1,
      retentionHours: 168,
      ssl: false,
      sasl: null,
    });
    const login = { KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_SASL_USERNAME: 'me', KAFKA_SASL_PASSWORD: 'p' };
    expect(Settings.from({ KAFKA_BROKERS: 'one:9092,[::1]:9093', KAFKA_SSL: 'true', ...login }).kafka).toMatchObject({
      brokers: ['one:9092', '[::1]:9093'],
      ssl: true,
      sasl: { mechanism: 'scram-sha-256', username: 'me', password: 'p' },
    });
  });

  it('require a complete login or none', () => {
    expect(messages({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'me' })).toEqual([
      expect.stringMatching(/^KAFKA_SASL_PASSWORD must be set too: .*\.$/),
    ]);
  });

  it('read secrets from files, and refuse two sources for one secret', () => {
    const folder = mkdtempSync(join(tmpdir(), 'barada-settings-'));
    const file = join(folder, 'secret');
    writeFileSync(file, `${'ab'.repeat(32)}\n`);
    expect(Settings.from({ BARADA_SECRET_FILE: file }).secret).toEqual(Buffer.alloc(32, 0xab));
    expect(messages({ BARADA_SECRET_FILE: file, BARADA_SECRET: 'cd'.repeat(32) })).toEqual([
      'BARADA_SECRET and BARADA_SECRET_FILE are both set: unset one of them.',
    ]);
    rmSync(folder, { recursive: true });
  });

  it('put the password into the URL of the database', () => {
    const env = { DATABASE_URL: 'postgres://barada@db:5432/barada', DATABASE_PASSWORD: 'a/b:c@d%' };
    const url = new URL(Settings.from(env).databaseUrl ?? '');
    expect(decodeURIComponent(url.password)).toBe('a/b:c@d%');
    expect(url.host).toBe('db:5432');
  });

  it('report all mistakes at once, without values', () => {
    const found = messages({ PORT: 'secret', LOG_LEVEL: 'secret' });
    expect(found).toHaveLength(2);
    expect(found.join()).not.toContain('secret');
  });

  it('all have a description and a default', () => {
    expect(settingsTable()).toContainEqual(['PORT', '3000', 'the port to listen on; 0 takes a free one']);
    expect(settingsTable().filter(([, , meaning]) => meaning === '')).toEqual([]);
    expect(settingNames()).toEqual(expect.arrayContaining(['PORT', 'DATABASE_URL', 'DATABASE_URL_FILE']));
  });

  it('stand in the README as they are', () => {
    const cells = readFileSync(join(packageRoot(), 'README.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    for (const [variable, fallback, meaning] of settingsTable())
      expect(cells).toContainEqual(['', `\`${variable}\``, fallback === '' ? '' : `\`${fallback}\``, meaning, '']);
  });
});
