import { Command } from 'commander';

/** A command whose `--help` ends with an example. Errors are thrown, the exit code is decided in `main`. */
export function command(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', `\nExample:\n  $ ${example}`);
}
