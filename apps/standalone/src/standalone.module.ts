// All features in one process.
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AlertingModule } from '#alerting';
import { IntakeModule } from '#intake';
import { JudgementModule } from '#judgement';
import { PlatformModule, type Foundations } from '#platform';
import { RegionsModule } from '#regions';
import { RegistryModule } from '#registry';
import { StatusModule, StatusWatchModule } from '#status';

@Module({})
export class StandaloneModule {
  static with(foundations: Foundations): DynamicModule {
    const foundation = [PlatformModule.with(foundations), CqrsModule.forRoot(), RegistryModule];
    const features = [RegionsModule, IntakeModule, JudgementModule, StatusModule, StatusWatchModule, AlertingModule];
    return { module: StandaloneModule, imports: [...foundation, ...features] };
  }
}
