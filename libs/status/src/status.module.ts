// The feature as Nest sees it: what folds the facts, what answers from them, and both together.
import { Module } from '@nestjs/common';
import { Followers, Health } from '#platform';
import { Assessments } from './assessment/assessments.js';
import { FACTS, FactsProjection } from './facts/facts.projection.js';
import { Knowledge } from './known/knowledge.js';
import { PastCourses } from './past/past-courses.js';
import { PastHealth } from './past/past-health.js';
import { CoverageController } from './reads/coverage.controller.js';
import { BegunRows } from './reads/begun-rows.js';
import { IncidentHistory } from './reads/incident-history.js';
import { IncidentRows } from './reads/incident-rows.js';
import { IncidentsController } from './reads/incidents.controller.js';
import { RegionStatusController } from './reads/region-status.controller.js';
import { Standpoints } from './reads/standpoint.js';
import { StatisticsController } from './reads/statistics.controller.js';
import { StatusController } from './reads/status.controller.js';

/** What is known, and what follows from it. One a process, for it is held in memory. */
@Module({ providers: [Assessments, Knowledge, PastCourses], exports: [Assessments, Knowledge] })
export class KnowledgeModule {
  constructor(courses: PastCourses, health: Health) {
    health.add(new PastHealth(courses));
  }
}

/** The work: the facts are folded into rows. */
@Module({ providers: [FactsProjection] })
export class FactsModule {
  constructor(followers: Followers, facts: FactsProjection) {
    followers.add(facts);
  }
}

/** The routes: status, incidents, statistics and coverage are read from the rows. */
@Module({
  imports: [KnowledgeModule],
  controllers: [
    StatusController,
    RegionStatusController,
    IncidentsController,
    StatisticsController,
    CoverageController,
  ],
  providers: [Standpoints, BegunRows, IncidentRows, IncidentHistory],
})
export class StatusReadsModule {
  constructor(followers: Followers) {
    followers.dependOn(FACTS);
  }
}

/** Wants the platform's foundations and the registry, which are global. */
@Module({ imports: [FactsModule, StatusReadsModule] })
export class StatusModule {}
