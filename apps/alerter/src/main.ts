// Starts an alerter process, which creates alerts and calls webhooks. Any number may run.
import 'reflect-metadata';
import { runProcess, startApp } from '#platform';
import { ALERTER } from './alerter.module.js';

await runProcess((settings, say) => startApp(ALERTER, settings, say));
