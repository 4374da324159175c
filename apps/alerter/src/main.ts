// Starts one of the processes that make alerts and call webhooks. Any number of them may run.
import 'reflect-metadata';
import { runProcess, startApp, type App } from '#platform';
import { fromKafka } from '#transport';
import { AlerterModule } from './alerter.module.js';

const alerter: App = {
  name: 'alerter',
  module: (foundations) => AlerterModule.with(foundations),
  hasCallers: false,
  needsKafka: true,
  runner: fromKafka,
};

await runProcess((settings, say) => startApp(alerter, settings, say));
