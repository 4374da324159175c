// Starts an api process, which serves HTTP. Any number may run.
import 'reflect-metadata';
import { runProcess, startApp } from '#platform';
import { API } from './api.module.js';

await runProcess((settings, say) => startApp(API, settings, say));
