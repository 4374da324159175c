// How every app and every test of a route is made from its module.
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '../settings.js';
import { httpAdapter } from './adapter.js';

/** Not listening yet: `await app.init()` and `app.inject(...)` in tests, `await app.listen(...)` else. */
export async function createApp(
  module: Type | DynamicModule,
  settings: Settings,
  logger: LoggerService | false = false,
): Promise<NestFastifyApplication> {
  return NestFactory.create<NestFastifyApplication>(module, httpAdapter(settings), {
    logger,
    bodyParser: false, // the adapter has its own
    abortOnError: false, // a failure to start is the caller's to tell
  });
}
