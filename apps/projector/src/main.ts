// Starts one of the processes that fold the facts and announce what changes. Any number of them may run.
import 'reflect-metadata';
import { runProcess, startApp, type App } from '#platform';
import { fromKafka } from '#transport';
import { ProjectorModule } from './projector.module.js';

const projector: App = {
  name: 'projector',
  module: (foundations) => ProjectorModule.with(foundations),
  hasCallers: false,
  needsKafka: true,
  runner: fromKafka,
};

await runProcess((settings, say) => startApp(projector, settings, say));
