// All commands. To add one: a file that exports a function which makes its Command, and its name here.
import type { Command } from 'commander';
import { deadLetters } from './dead-letters.js';
import { play } from './play.js';
import { rebuild } from './rebuild.js';
import { regions } from './regions.js';
import { token } from './token.js';

export const COMMANDS: readonly (() => Command)[] = [deadLetters, play, rebuild, regions, token];
