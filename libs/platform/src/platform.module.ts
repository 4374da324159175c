// Hands the foundations to the features, and stands at the door of all of them.
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { Databases } from '#database';
import { ConfidentialReader, EventLog } from '#event-log';
import { Checkpoints } from '#projection';
import { AuthGuard } from './auth/auth.guard.js';
import { Tokens } from './auth/tokens.js';
import { Clock, SystemClock } from './clock.js';
import { Followers } from './followers.js';
import { Health } from './health/health.js';
import { ProblemFilter } from './http/problem.filter.js';
import { SchemaPipe } from './http/schema.pipe.js';
import { Pseudonyms } from './pseudonyms.js';
import { Settings } from './settings.js';

/** What a composition opens before Nest starts, and closes after Nest has stopped. */
export type Foundations = {
  readonly settings: Settings;
  readonly databases: Databases;
  readonly log: EventLog;
  readonly confidential: ConfidentialReader;
  readonly checkpoints: Checkpoints;
  readonly pseudonyms: Pseudonyms;
  readonly tokens: Tokens;
  /** The system's clock where it is left out. */
  readonly clock?: Clock;
};

@Global()
@Module({})
export class PlatformModule {
  static with(foundations: Foundations): DynamicModule {
    const shared: Provider[] = [
      { provide: Settings, useValue: foundations.settings },
      { provide: Databases, useValue: foundations.databases },
      { provide: EventLog, useValue: foundations.log },
      { provide: ConfidentialReader, useValue: foundations.confidential },
      { provide: Checkpoints, useValue: foundations.checkpoints },
      { provide: Pseudonyms, useValue: foundations.pseudonyms },
      { provide: Tokens, useValue: foundations.tokens },
      { provide: Clock, useValue: foundations.clock ?? new SystemClock() },
      Followers,
      Health,
    ];
    return { module: PlatformModule, providers: [...shared, ...DOOR], exports: shared };
  }
}

const DOOR: readonly Provider[] = [
  { provide: APP_GUARD, useClass: AuthGuard },
  { provide: APP_PIPE, useClass: SchemaPipe },
  { provide: APP_FILTER, useClass: ProblemFilter },
];
