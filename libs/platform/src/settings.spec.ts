import { describe, expect, it } from '@jest/globals';
import { BadSettings, Settings, settingsTable } from './settings.js';

function sentences(env: Record<string, string>): readonly string[] {
  try {
    Settings.from(env);
    return [];
  } catch (error) {
    if (error instanceof BadSettings) return error.sentences;
    throw error;
  }
}

describe('the settings', () => {
  it('have defaults, also where a variable is empty', () => {
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

  it('take lists separated by commas', () => {
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
    ['BARADA_URL', 'localhost:3000', /^BARADA_URL must be an http or https URL.*\.$/],
  ])('say in one sentence what is wrong with %s=%s', (variable, value, sentence) => {
    expect(sentences({ [variable]: value })).toEqual([expect.stringMatching(sentence)]);
  });

  it('name all mistakes at once, and no value', () => {
    const found = sentences({ PORT: 'secret', LOG_LEVEL: 'secret' });
    expect(found).toHaveLength(2);
    expect(found.join()).not.toContain('secret');
  });

  it('are all described, with their defaults', () => {
    expect(settingsTable()).toContainEqual(['PORT', '3000', 'the port to listen on; 0 takes a free one']);
    expect(settingsTable().filter(([, , meaning]) => meaning === '')).toEqual([]);
  });
});
