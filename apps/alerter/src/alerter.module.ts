// Makes alerts of what was announced, and brings them to webhooks. Several share the work.
import { Module, type DynamicModule } from '@nestjs/common';
import { AlerterModule as AlertingWork } from '#alerting';
import { PlatformModule, type Foundations } from '#platform';
import { RegistryModule } from '#registry';

@Module({})
export class AlerterModule {
  static with(foundations: Foundations): DynamicModule {
    return { module: AlerterModule, imports: [PlatformModule.with(foundations), RegistryModule, AlertingWork] };
  }
}
