// Creates the Nest app from a module, for processes and for tests of routes.
import type { DynamicModule, LoggerService, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '../settings/settings.js';
import { Metrics } from '../metrics/metrics.js';
import { serveOpenApi } from '../openapi/openapi.js';
import { httpAdapter } from './adapter.js';
import { watchRequests } from './request-hooks.js';

export type AppOptions = {
  /** False for a process that has only the platform's own routes. */
  readonly openApi?: boolean;
};

/** Not listening yet: tests call `app.init()` and `app.inject(...)`, processes call `app.listen(...)`. */
export async function createApp(
  module: Type | DynamicModule,
  settings: Settings,
  logger: LoggerService | false = false,
  { openApi = true }: AppOptions = {},
): Promise<NestFastifyApplication> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares a class that does not exist at run time
  const options: NestApplicationOptions = {
    logger,
    bodyParser: false, // the adapter has its own
    abortOnError: false, // the caller reports a failed start
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(settings), options);
  watchRequests(app.getHttpAdapter().getInstance(), app.get(Metrics), settings);
  if (openApi) serveOpenApi(app);
  return app;
}
