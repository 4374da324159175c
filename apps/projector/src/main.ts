// Starts one of the processes that fold the facts and announce what changes. Any number of them may run.
import 'reflect-metadata';
import { runProcess, startApp } from '#platform';
import { PROJECTOR } from './projector.module.js';

await runProcess((settings, say) => startApp(PROJECTOR, settings, say));
