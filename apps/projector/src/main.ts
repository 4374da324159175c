// Starts a projector process, which folds the facts and appends status changes. Any number may run.
import 'reflect-metadata';
import { runProcess, startApp } from '#platform';
import { PROJECTOR } from './projector.module.js';

await runProcess((settings, say) => startApp(PROJECTOR, settings, say));
