// Starts a relay process, which copies the log to Kafka. One of several is active; the others are on standby.
import 'reflect-metadata';
import { runProcess, startApp } from '#platform';
import { RELAY } from './relay.module.js';

await runProcess((settings, say) => startApp(RELAY, settings, say));
