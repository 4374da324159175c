// What verifiers, officers and operators decide: incidents, episodes, red lines, organisations.
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EpisodesHandler } from './episodes.handler.js';
import { FrameworkController } from './framework.controller.js';
import { IncidentsController } from './incidents.controller.js';
import { Incidents } from './incidents.js';
import { JudgeIncidentHandler } from './judge-incident.handler.js';
import { MoveReportsHandler } from './move-reports.handler.js';
import { RegisterOrganisationHandler } from './organisations.handler.js';
import { RedLinesHandler } from './red-lines.handler.js';

/** Needs the platform's foundations and a Registry, both global in a composition. */
@Module({
  imports: [CqrsModule],
  controllers: [IncidentsController, FrameworkController],
  providers: [
    Incidents,
    JudgeIncidentHandler,
    MoveReportsHandler,
    EpisodesHandler,
    RedLinesHandler,
    RegisterOrganisationHandler,
  ],
})
export class JudgementModule {}
