// Starts Barada in one process, on a PostgreSQL of its own or on DATABASE_URL.
import 'reflect-metadata';
import { Settings } from '#platform';
import { sentencesFor } from './failures.js';
import { readOptions } from './options.js';
import { stopOnSignals } from './signals.js';
import { start } from './start.js';

try {
  const starting = start(Settings.from(process.env), readOptions(process.argv.slice(2)), console.log);
  stopOnSignals(starting, console.log);
  await starting;
} catch (error) {
  console.error(sentencesFor(error));
  process.exit(1);
}
