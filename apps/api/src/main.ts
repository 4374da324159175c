// Starts one of the processes that people call. Any number of them may run.
import 'reflect-metadata';
import { runProcess, startApp } from '#platform';
import { API } from './api.module.js';

await runProcess((settings, say) => startApp(API, settings, say));
