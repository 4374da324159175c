// Starts one of the processes that carry the log to Kafka. Of several one is active, the others stand by.
import 'reflect-metadata';
import { runProcess, startApp, type App } from '#platform';
import { RelayModule } from './relay.module.js';

const relay: App = {
  name: 'relay',
  module: (foundations) => RelayModule.with(foundations),
  hasCallers: false,
  needsKafka: true,
};

await runProcess((settings, say) => startApp(relay, settings, say));
