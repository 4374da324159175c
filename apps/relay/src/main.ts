// Starts one of the processes that carry the log to Kafka. Of several one is active, the others stand by.
import 'reflect-metadata';
import { runProcess, startApp } from '#platform';
import { RELAY } from './relay.module.js';

await runProcess((settings, say) => startApp(RELAY, settings, say));
