// The relay app: copies the log to Kafka.
import { Module, type DynamicModule } from '@nestjs/common';
import { PlatformModule, type App, type Foundations } from '#platform';
import { RelayModule as Relaying } from '#transport';

@Module({})
export class RelayModule {
  static with(foundations: Foundations): DynamicModule {
    return { module: RelayModule, imports: [PlatformModule.with(foundations), Relaying] };
  }
}

export const RELAY: App = {
  name: 'relay',
  module: (foundations) => RelayModule.with(foundations),
  hasCallers: false,
  needsKafka: true,
  logAccess: 'read',
};
