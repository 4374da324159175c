// The module of regions.
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DefineRegionHandler, ReviseBoundaryHandler } from './region-commands.handler.js';
import { RegionsController } from './regions.controller.js';
import { AsOfResolver } from '#registry';

/** Needs the platform's foundations and a Registry, both provided globally. */
@Module({
  imports: [CqrsModule],
  controllers: [RegionsController],
  providers: [DefineRegionHandler, ReviseBoundaryHandler, AsOfResolver],
})
export class RegionsModule {}
