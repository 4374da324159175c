// Reads the settings, which are those of the server. A mistake in them is a Failure.
import { BadSettings, Settings } from '#platform';
import { Failure } from './failure.js';

export function settings(): Settings {
  try {
    return Settings.from(process.env);
  } catch (error) {
    throw error instanceof BadSettings ? new Failure(error.message) : error;
  }
}
