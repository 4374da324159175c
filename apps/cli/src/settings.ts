// The same settings as the server's; a mistake in them is one sentence.
import { BadSettings, Settings } from '#platform';
import { Failure } from './failure.js';

export function settings(): Settings {
  try {
    return Settings.from(process.env);
  } catch (error) {
    throw error instanceof BadSettings ? new Failure(error.message) : error;
  }
}
