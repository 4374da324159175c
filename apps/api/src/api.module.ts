// The api app: commands and queries over HTTP. It needs PostgreSQL only.
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { SubscribersModule } from '#alerting';
import { IntakeModule } from '#intake';
import { JudgementModule } from '#judgement';
import { PlatformModule, type App, type Foundations } from '#platform';
import { loadAstanaProfile } from '#profile';
import { RegionsModule } from '#regions';
import { RegistryModule } from '#registry';
import { StatusReadsModule } from '#status';
import { AsyncApiModule } from '#transport';

@Module({})
export class ApiModule {
  static with(foundations: Foundations): DynamicModule {
    const foundation = [PlatformModule.with(foundations), CqrsModule.forRoot(), RegistryModule];
    const features = [
      RegionsModule,
      IntakeModule,
      JudgementModule,
      StatusReadsModule,
      SubscribersModule,
      AsyncApiModule,
    ];
    return { module: ApiModule, imports: [...foundation, ...features] };
  }
}

export const API: App = {
  name: 'api',
  module: (foundations) => ApiModule.with(foundations),
  hasCallers: true,
  needsKafka: false,
  logAccess: 'intake',
  prepare: loadAstanaProfile,
};
