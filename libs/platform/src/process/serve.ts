// Opens the door of an app last, and closes it first.
import type { DynamicModule } from '@nestjs/common';
import { createApp, type AppOptions } from '../http/app.js';
import { JsonLogger } from '../logging/logging.js';
import type { Settings } from '../settings/settings.js';
import type { OnStop } from './running.js';

// Who streams alerts, or a bulk that will not end, is cut off then.
const CLOSE_PATIENCE_MS = 4_000;

/** Answers the URL that it listens at. */
export async function serve(
  module: DynamicModule,
  settings: Settings,
  onStop: OnStop,
  options: AppOptions = {},
): Promise<string> {
  const app = await createApp(module, settings, new JsonLogger(settings.logLevel), options);
  onStop(() => closedWithin(CLOSE_PATIENCE_MS, app));
  await app.listen(settings.port, settings.host);
  return app.getUrl();
}

type App = Awaited<ReturnType<typeof createApp>>;

async function closedWithin(patienceMs: number, app: App): Promise<void> {
  const impatient = setTimeout(() => {
    app.getHttpAdapter().getInstance().server.closeAllConnections();
  }, patienceMs);
  await app.close();
  clearTimeout(impatient);
}
