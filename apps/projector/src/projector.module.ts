// The projector app: folds the facts and appends status changes. Several processes share the topic's partitions.
import { Module, type DynamicModule } from '@nestjs/common';
import { PlatformModule, type App, type Foundations } from '#platform';
import { fromKafka } from '#transport';
import { RegistryModule } from '#registry';
import { FactsModule, StatusWatchModule } from '#status';

@Module({})
export class ProjectorModule {
  static with(foundations: Foundations): DynamicModule {
    return {
      module: ProjectorModule,
      imports: [PlatformModule.with(foundations), RegistryModule, FactsModule, StatusWatchModule],
    };
  }
}

export const PROJECTOR: App = {
  name: 'projector',
  module: (foundations) => ProjectorModule.with(foundations),
  hasCallers: false,
  needsKafka: true,
  logAccess: 'append',
  runner: fromKafka,
};
