// The alerter app: creates alerts and delivers them to webhooks. Several processes share the work.
import { Module, type DynamicModule } from '@nestjs/common';
import { AlerterModule as AlertingWork } from '#alerting';
import { PlatformModule, type App, type Foundations } from '#platform';
import { fromKafka } from '#transport';
import { RegistryModule } from '#registry';

@Module({})
export class AlerterModule {
  static with(foundations: Foundations): DynamicModule {
    return { module: AlerterModule, imports: [PlatformModule.with(foundations), RegistryModule, AlertingWork] };
  }
}

export const ALERTER: App = {
  name: 'alerter',
  module: (foundations) => AlerterModule.with(foundations),
  hasCallers: false,
  needsKafka: true,
  logAccess: 'read',
  runner: fromKafka,
};
