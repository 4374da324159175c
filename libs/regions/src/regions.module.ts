// The feature: regions are defined, drawn and read.
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DefineRegionHandler, ReviseBoundaryHandler } from './region-commands.handler.js';
import { RegionsController } from './regions.controller.js';
import { AsOfResolver } from '#registry';

/** Wants the platform's foundations and the registry, which are global. */
@Module({
  imports: [CqrsModule],
  controllers: [RegionsController],
  providers: [DefineRegionHandler, ReviseBoundaryHandler, AsOfResolver],
})
export class RegionsModule {}
