// Carries the log to Kafka.
import { Module, type DynamicModule } from '@nestjs/common';
import { PlatformModule, type Foundations } from '#platform';
import { RelayModule as Relaying } from '#transport';

@Module({})
export class RelayModule {
  static with(foundations: Foundations): DynamicModule {
    return { module: RelayModule, imports: [PlatformModule.with(foundations), Relaying] };
  }
}
