// Starts one of the processes that people call. Any number of them may run.
import 'reflect-metadata';
import { runProcess, startApp, type App } from '#platform';
import { loadAstanaProfile } from '#profile';
import { ApiModule } from './api.module.js';

const api: App = {
  name: 'api',
  module: (foundations) => ApiModule.with(foundations),
  hasCallers: true,
  needsKafka: false,
  prepare: loadAstanaProfile,
};

await runProcess((settings, say) => startApp(api, settings, say));
