import { describe, expect, it } from '@jest/globals';
import { PlatformModule } from '../platform.module.js';
import { Settings } from '../settings/settings.js';
import { startFailureMessage } from './failures.js';
import { startInOrder } from './running.js';
import { startApp, type App } from './start-app.js';

const app: App = {
  name: 'test',
  module: (foundations) => PlatformModule.with(foundations),
  hasCallers: false,
  needsKafka: false,
  logAccess: 'read',
};

async function said(given: Partial<App>, env: Record<string, string>): Promise<string> {
  const refused: unknown = await startApp({ ...app, ...given }, Settings.from(env), () => undefined).catch(
    (error: unknown) => error,
  );
  return startFailureMessage(refused);
}

describe('a process of the distributed mode', () => {
  it('names every setting that is missing', async () => {
    expect((await said({ needsKafka: true }, {})).split('\n')).toEqual([
      expect.stringMatching(/^DATABASE_URL must be set, such as .*\.$/),
      expect.stringMatching(/^KAFKA_BROKERS must be set, such as .*\.$/),
    ]);
    expect((await said({ hasCallers: true }, { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' })).split('\n')).toEqual([
      expect.stringMatching(/^BARADA_SECRET must be set, .*\.$/),
      expect.stringMatching(/^OIDC_ISSUERS must be set, .*\.$/),
    ]);
  });

  it('says that the database cannot be reached', async () => {
    expect(await said({}, { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' })).toMatch(
      /^The database of DATABASE_URL cannot be used \(.*\): start it, .*\.$/,
    );
  });
});

describe('startInOrder', () => {
  it('stops the parts in reverse order', async () => {
    const heard: string[] = [];
    const { stop } = await startInOrder((onStop) => {
      for (const name of ['database', 'door']) onStop(() => Promise.resolve(heard.push(name)));
      return Promise.resolve({ url: 'http://127.0.0.1' });
    });
    await stop();
    expect(heard).toEqual(['door', 'database']);
  });

  it('stops the started parts if a later one fails to start', async () => {
    const heard: string[] = [];
    const started = startInOrder((onStop) => {
      onStop(() => Promise.resolve(heard.push('database')));
      return Promise.reject(new Error('no port'));
    });
    await expect(started).rejects.toThrow('no port');
    expect(heard).toEqual(['database']);
  });
});
