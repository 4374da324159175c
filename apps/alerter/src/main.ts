// Starts one of the processes that make alerts and call webhooks. Any number of them may run.
import 'reflect-metadata';
import { runProcess, startApp } from '#platform';
import { ALERTER } from './alerter.module.js';

await runProcess((settings, say) => startApp(ALERTER, settings, say));
