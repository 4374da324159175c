// Starts Barada in one process, on an embedded PostgreSQL or on DATABASE_URL.
import 'reflect-metadata';
import { runProcess } from '#platform';
import { readOptions } from './options.js';
import { start } from './start.js';

await runProcess((settings, say) => start(settings, readOptions(process.argv.slice(2)), say));
