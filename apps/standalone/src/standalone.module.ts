// Everything in one process.
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { PlatformModule, type Foundations } from '#platform';
import { RegionsModule } from '#regions';
import { RegistryModule } from '#registry';

@Module({})
export class StandaloneModule {
  static with(foundations: Foundations): DynamicModule {
    const foundation = [PlatformModule.with(foundations), CqrsModule.forRoot(), RegistryModule];
    return { module: StandaloneModule, imports: [...foundation, RegionsModule] };
  }
}
