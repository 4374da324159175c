// All commands. To add one, write a file that exports a function which returns its Command, and list it here.
import type { Command } from 'commander';
import { backup } from './backup.js';
import { deadLetters } from './dead-letters.js';
import { keys } from './keys.js';
import { migrate } from './migrate.js';
import { play } from './play.js';
import { rebuild } from './rebuild.js';
import { regions } from './regions.js';
import { restore } from './restore.js';
import { token } from './token.js';
import { topics } from './topics.js';
import { verify } from './verify.js';

export const COMMANDS: readonly (() => Command)[] = [
  backup,
  deadLetters,
  keys,
  migrate,
  play,
  rebuild,
  regions,
  restore,
  token,
  topics,
  verify,
];
