// The feature: the facts are folded into rows, and status, incidents, statistics and coverage are read from them.
import { Module } from '@nestjs/common';
import { Followers } from '#platform';
import { Assessments } from './assessment/assessments.js';
import { FactsProjection } from './facts/facts.projection.js';
import { Knowledge } from './known/knowledge.js';
import { PastCourses } from './past/past-courses.js';
import { CoverageController } from './reads/coverage.controller.js';
import { BegunRows } from './reads/begun-rows.js';
import { IncidentHistory } from './reads/incident-history.js';
import { IncidentRows } from './reads/incident-rows.js';
import { IncidentsController } from './reads/incidents.controller.js';
import { RegionStatusController } from './reads/region-status.controller.js';
import { Standpoints } from './reads/standpoint.js';
import { StatisticsController } from './reads/statistics.controller.js';
import { StatusController } from './reads/status.controller.js';

/** Wants the platform's foundations and the registry, which are global. */
@Module({
  controllers: [
    StatusController,
    RegionStatusController,
    IncidentsController,
    StatisticsController,
    CoverageController,
  ],
  providers: [
    Assessments,
    Knowledge,
    PastCourses,
    Standpoints,
    BegunRows,
    IncidentRows,
    IncidentHistory,
    FactsProjection,
  ],
  exports: [Assessments, Knowledge],
})
export class StatusModule {
  constructor(followers: Followers, facts: FactsProjection) {
    followers.add(facts);
  }
}
