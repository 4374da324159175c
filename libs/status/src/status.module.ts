// The Nest modules: the facts projection, the reads, and both together.
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
import { AsOfReads } from './reads/as-of.js';
import { StatisticsController } from './reads/statistics.controller.js';
import { StatusController } from './reads/status.controller.js';

/** The fact indexes and the computed timelines. One per process, because they are in memory. */
@Module({ providers: [Assessments, Knowledge, PastCourses], exports: [Assessments, Knowledge] })
export class KnowledgeModule {
  constructor(courses: PastCourses, health: Health) {
    health.add(new PastHealth(courses));
  }
}

/** The projection: folds events into fact rows. */
@Module({ providers: [FactsProjection] })
export class FactsModule {
  constructor(followers: Followers, facts: FactsProjection) {
    followers.add(facts);
  }
}

/** The routes: status, incidents, statistics and coverage. */
@Module({
  imports: [KnowledgeModule],
  controllers: [
    StatusController,
    RegionStatusController,
    IncidentsController,
    StatisticsController,
    CoverageController,
  ],
  providers: [AsOfReads, BegunRows, IncidentRows, IncidentHistory],
})
export class StatusReadsModule {
  constructor(followers: Followers) {
    followers.dependOn(FACTS);
  }
}

/** Needs the platform's foundations and the registry, which are global. */
@Module({ imports: [FactsModule, StatusReadsModule] })
export class StatusModule {}
