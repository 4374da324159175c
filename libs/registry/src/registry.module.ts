// Provides the registry, and keeps it current while the application runs.
import { Global, Logger, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventLog } from '#event-log';
import { LogRegistry } from './log-registry.js';
import { Registry } from './registry.js';

const logger = new Logger('Registry');

/** Needs an EventLog that is provided globally. */
@Global()
@Module({
  providers: [
    { provide: LogRegistry, useFactory: following, inject: [EventLog] },
    { provide: Registry, useExisting: LogRegistry },
  ],
  exports: [Registry],
})
export class RegistryModule implements OnModuleInit, OnModuleDestroy {
  constructor(private readonly registry: LogRegistry) {}

  async onModuleInit(): Promise<void> {
    await this.registry.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.registry.stop();
  }
}

function following(log: EventLog): LogRegistry {
  return new LogRegistry(log, (error) => {
    logger.error(`cannot follow the registers, retrying: ${error instanceof Error ? error.message : 'unknown'}`);
  });
}
