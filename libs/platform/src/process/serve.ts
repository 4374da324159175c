// Creates the HTTP app and listens: the last step of a start, and the first to be undone.
import type { DynamicModule } from '@nestjs/common';
import { createApp, type AppOptions } from '../http/app.js';
import { JsonLogger } from '../logging/logging.js';
import { Health } from '../health/health.js';
import type { Settings } from '../settings/settings.js';
import { Drain } from './drain.js';
import type { OnStop } from './running.js';

// Open alert streams and unfinished bulk uploads are disconnected after this time.
const CLOSE_TIMEOUT_MS = 4_000;

/** Returns the URL that it listens on. */
export async function serve(
  module: DynamicModule,
  settings: Settings,
  onStop: OnStop,
  options: AppOptions = {},
): Promise<string> {
  const app = await createApp(module, settings, new JsonLogger(settings.logLevel), options);
  onStop(() => closeWithin(CLOSE_TIMEOUT_MS, app));
  const drain = new Drain(settings.drainSeconds * 1_000);
  app.get(Health).add(drain);
  await app.listen(settings.port, settings.host);
  onStop(() => drain.start());
  return app.getUrl();
}

type App = Awaited<ReturnType<typeof createApp>>;

async function closeWithin(timeoutMs: number, app: App): Promise<void> {
  const timer = setTimeout(() => {
    app.getHttpAdapter().getInstance().server.closeAllConnections();
  }, timeoutMs);
  await app.close();
  clearTimeout(timer);
}
