// The module of judgement: incidents, episodes, red lines, organisations and actors.
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AsOfResolver } from '#registry';
import { ActorsController } from './actor/actors.controller.js';
import { ChangeActorHandler } from './actor/change-actor.handler.js';
import { ChangeEpisodeHandler } from './episode/change-episode.handler.js';
import { EpisodeList } from './episode/episode-list.js';
import { EpisodesController } from './episode/episodes.controller.js';
import { IncidentReader } from './incident/incident-reader.js';
import { IncidentsController } from './incident/incidents.controller.js';
import { JudgeIncidentHandler } from './incident/judge-incident.handler.js';
import { MoveReportsHandler } from './incident/move-reports.handler.js';
import { OrganisationsController } from './organisation/organisations.controller.js';
import { RegisterOrganisationHandler } from './organisation/register-organisation.handler.js';
import { ChangeRedLineHandler } from './red-line/change-red-line.handler.js';
import { RedLineList } from './red-line/red-line-list.js';
import { RedLinesController } from './red-line/red-lines.controller.js';

/** Needs the platform's foundations and a Registry, both provided globally. */
@Module({
  imports: [CqrsModule],
  controllers: [ActorsController, EpisodesController, IncidentsController, OrganisationsController, RedLinesController],
  providers: [
    AsOfResolver,
    ChangeActorHandler,
    ChangeEpisodeHandler,
    ChangeRedLineHandler,
    EpisodeList,
    IncidentReader,
    JudgeIncidentHandler,
    MoveReportsHandler,
    RedLineList,
    RegisterOrganisationHandler,
  ],
})
export class JudgementModule {}
