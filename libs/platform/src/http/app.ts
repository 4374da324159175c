// How every app and every test of a route is made from its module.
import type { DynamicModule, LoggerService, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '../settings/settings.js';
import { Metrics } from '../metrics/metrics.js';
import { serveOpenApi } from '../openapi/openapi.js';
import { httpAdapter } from './adapter.js';
import { watchRequests } from './request-hooks.js';

export type AppOptions = {
  /** False for a process that has nothing to call but the platform's own routes. */
  readonly openApi?: boolean;
};

/** Not listening yet: `await app.init()` and `app.inject(...)` in tests, `await app.listen(...)` else. */
export async function createApp(
  module: Type | DynamicModule,
  settings: Settings,
  logger: LoggerService | false = false,
  { openApi = true }: AppOptions = {},
): Promise<NestFastifyApplication> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- declared as a class, and there is none
  const options: NestApplicationOptions = {
    logger,
    bodyParser: false, // the adapter has its own
    abortOnError: false, // a failure to start is the caller's to tell
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(settings), options);
  watchRequests(app.getHttpAdapter().getInstance(), app.get(Metrics), settings);
  if (openApi) serveOpenApi(app);
  return app;
}
