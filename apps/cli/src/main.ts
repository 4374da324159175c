// The command line. Each command is a file in `commands/`.
import { Command } from 'commander';
import { COMMANDS } from './commands/index.js';
import { Failure } from './failure.js';

const program = new Command('barada')
  .description('Operates a ceasefire monitor.')
  .helpCommand(false)
  .showSuggestionAfterError()
  .showHelpAfterError('(see --help)');
for (const command of COMMANDS) program.addCommand(command().copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
