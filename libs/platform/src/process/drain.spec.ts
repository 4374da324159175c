import { expect, it } from '@jest/globals';
import { bareFoundations } from '../../../../test/support/bare-foundations.js';
import { eventually } from '../../../../test/support/eventually.js';
import { PlatformModule } from '../platform.module.js';
import { Settings } from '../settings/settings.js';
import { startInOrder } from './running.js';
import { serve } from './serve.js';

it('answers requests, but is not ready, for DRAIN_SECONDS after the stop signal', async () => {
  const settings = Settings.from({ PORT: '0', LOG_LEVEL: 'silent', DRAIN_SECONDS: '1' });
  const running = await startInOrder(async (onStop) => ({
    url: await serve(PlatformModule.with(bareFoundations()), settings, onStop),
  }));
  const health = async (path: string): Promise<unknown> => (await fetch(`${running.url}/health/${path}`)).json();
  expect(JSON.stringify(await health('ready'))).not.toContain('stopping');
  const stopped = running.stop();
  await eventually(async () => {
    expect(await health('ready')).toMatchObject({ because: expect.arrayContaining(['The process is stopping.']) });
  });
  expect(await health('live')).toEqual({ status: 'live' });
  await stopped;
  await expect(fetch(`${running.url}/health/live`)).rejects.toThrow('fetch failed');
});
