// The Nest module that runs the status watch.
import { Logger, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Databases } from '#database';
import { DAY } from '#domain';
import { EventLog } from '#event-log';
import { Clock, Health, withTraceContext, Settings } from '#platform';
import { Checkpoints } from '#projection';
import { Assessments } from '../assessment/assessments.js';
import { Knowledge } from '../known/knowledge.js';
import { KnowledgeModule } from '../status.module.js';
import { StatusWatch } from './status-watch.js';
import { WatchHealth } from './watch-health.js';

const logger = new Logger('StatusWatch');

/** Needs the platform's foundations and the registry, which are global, and a process that runs the projection `facts`. */
@Module({
  imports: [KnowledgeModule],
  providers: [
    {
      provide: StatusWatch,
      useFactory: watching,
      inject: [EventLog, Databases, Checkpoints, Knowledge, Assessments, Clock, Settings],
    },
  ],
})
export class StatusWatchModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(
    private readonly watch: StatusWatch,
    health: Health,
  ) {
    health.add(new WatchHealth(watch));
  }

  onApplicationBootstrap(): void {
    this.#following = this.watch.follow(this.#stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }
}

// eslint-disable-next-line max-params -- Nest hands in what a factory needs one by one
function watching(
  log: EventLog,
  databases: Databases,
  checkpoints: Checkpoints,
  knowledge: Knowledge,
  assessments: Assessments,
  clock: Clock,
  settings: Settings,
): StatusWatch {
  return new StatusWatch({
    log,
    sql: databases.analysis,
    checkpoints,
    knowledge,
    assessments,
    clock,
    alertWithin: settings.alertHorizonDays * DAY,
    onAnnounced: (what, trail) => {
      withTraceContext(trail, () => {
        logger.debug(what);
      });
    },
    onFailure: (error) => {
      logger.error(`check failed, will be retried: ${error instanceof Error ? error.message : 'unknown'}`);
    },
  });
}
