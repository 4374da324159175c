// Provides the foundations to all features, and installs the global guard, pipe, interceptor and filter.
import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { Databases } from '#database';
import { ConfidentialReader, EventLog } from '#event-log';
import { Checkpoints } from '#projection';
import { AuthGuard } from './auth/auth.guard.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { Clock } from './clock.js';
import { Followers } from './followers.js';
import type { Foundations } from './foundations.js';
import { HealthController } from './health/health.controller.js';
import { Health } from './health/health.js';
import { LogHealth } from './health/log-health.js';
import { EntryController } from './entry/entry.controller.js';
import { ListInterceptor } from './http/list.interceptor.js';
import { ProblemFilter } from './http/problem.filter.js';
import { SchemaPipe } from './http/schema.pipe.js';
import { Metrics } from './metrics/metrics.js';
import { Pseudonyms } from './secret/pseudonyms.js';
import { Settings } from './settings/settings.js';

const FOUNDATIONS = Symbol('foundations');

@Global()
@Module({})
export class PlatformModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    health: Health,
    private readonly logHealth: LogHealth,
    private readonly followers: Followers,
    private readonly metrics: Metrics,
    @Inject(FOUNDATIONS) private readonly foundations: Foundations,
  ) {
    health.add(logHealth);
  }

  static with(foundations: Foundations): DynamicModule {
    const shared: Provider[] = [
      { provide: Settings, useValue: foundations.settings },
      { provide: Clock, useValue: foundations.clock },
      { provide: Databases, useValue: foundations.databases },
      { provide: EventLog, useValue: foundations.log },
      { provide: ConfidentialReader, useValue: foundations.confidential },
      { provide: Checkpoints, useValue: foundations.checkpoints },
      ...(foundations.pseudonyms === undefined ? [] : [{ provide: Pseudonyms, useValue: foundations.pseudonyms }]),
      { provide: TokenVerifier, useValue: foundations.tokens },
      Followers,
      Health,
      Metrics,
    ];
    const own = [{ provide: FOUNDATIONS, useValue: foundations }, LogHealth, ...HTTP_PROVIDERS];
    return {
      module: PlatformModule,
      controllers: [HealthController, EntryController],
      providers: [...shared, ...own],
      exports: shared,
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.logHealth.started();
    if (this.foundations.runner === undefined) return;
    this.followers.start(this.foundations.runner);
    this.metrics.registerCounters(this.followers.counters);
  }

  /** Nest has stopped accepting requests by now, so nobody waits for a projection. */
  async onApplicationShutdown(): Promise<void> {
    await this.followers.stop();
  }
}

const HTTP_PROVIDERS: readonly Provider[] = [
  { provide: APP_GUARD, useClass: AuthGuard },
  { provide: APP_PIPE, useClass: SchemaPipe },
  { provide: APP_INTERCEPTOR, useClass: ListInterceptor },
  { provide: APP_FILTER, useClass: ProblemFilter },
];
