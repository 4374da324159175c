// What verifiers, officers and operators decide: incidents, episodes, red lines, organisations.
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AsOfResolver } from '#registry';
import { ActorsController } from './actor/actors.controller.js';
import { ChangeActorHandler } from './actor/change-actor.handler.js';
import { EpisodesHandler } from './episode/change-episode.handler.js';
import { FrameworkController } from './framework.controller.js';
import { IncidentsController } from './incident/incidents.controller.js';
import { IncidentReader } from './incident/incident-reader.js';
import { JudgeIncidentHandler } from './incident/judge-incident.handler.js';
import { MoveReportsHandler } from './incident/move-reports.handler.js';
import { RegisterOrganisationHandler } from './organisation/register-organisation.handler.js';
import { RedLinesHandler } from './red-line/change-red-line.handler.js';

/** Needs the platform's foundations and a Registry, both global in a composition. */
@Module({
  imports: [CqrsModule],
  controllers: [ActorsController, IncidentsController, FrameworkController],
  providers: [
    AsOfResolver,
    ChangeActorHandler,
    IncidentReader,
    JudgeIncidentHandler,
    MoveReportsHandler,
    EpisodesHandler,
    RedLinesHandler,
    RegisterOrganisationHandler,
  ],
})
export class JudgementModule {}
