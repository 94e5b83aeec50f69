import { InvalidArgumentError, Option, type Command } from 'commander';
import { command } from '../command.js';
import type { RangeOptions } from '../../range/index.js';
import { CliError, EXIT } from '../cli-error.js';
import type { CliContext, SetExitCode } from '../context.js';

/** Who is played when `--interactive` names nobody: the analyst, who answers first. */
const FIRST_PLAYED = 'alex';
const DEFAULT_LIMIT_SECONDS = 300;

interface DrillOptions {
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly interactive?: string | true;
  readonly cast: boolean;
  readonly seed: number;
  readonly mode: 'observe' | 'approve' | 'auto';
  readonly limit: number;
  readonly theft: string;
  readonly attacker: string;
  readonly propagation?: number;
}

/** A whole incident against the simulated AWS, from the leak to the proof. */
export function drillCommand(context: CliContext, setExitCode: SetExitCode): Command {
  return command('drill', 'play a whole incident against the simulated AWS; needs nothing but Node', 'tourniquet drill --keep')
    .argument('[scenario]', 'scenario of the range', 'leaked-user-key')
    .option('--json', 'end with one JSON line')
    .option('--keep', 'leave the Temporal server and its UI running')
    .option('--interactive [subject]', 'play one of the cast yourself')
    .option('--no-cast', 'nobody answers: see warnings, breach and ladder')
    .option('--seed <number>', 'seed of everything random', wholeNumber, 1)
    .addOption(new Option('--mode <mode>', 'mode of the guard').choices(['observe', 'approve', 'auto']).default('approve'))
    .option('--theft <theft>', 'how the attacker gets in, e.g. roleSession', 'userKey')
    .option('--attacker <kind>', 'who attacks: opportunist, persister, juggler or insider', 'opportunist')
    .option('--propagation <seconds>', 'how long AWS takes to enforce a change; a fifth around it', wholeNumber)
    .option('--limit <seconds>', 'give up after this long', wholeNumber, DEFAULT_LIMIT_SECONDS)
    .action(async (scenario: string, options: DrillOptions) => {
      const { runDrill } = await import('../../drill/run-drill.js');
      const { exitCode } = await runDrill({
        scenario,
        seed: options.seed,
        json: options.json === true,
        keep: options.keep === true,
        interactive: options.interactive === true ? FIRST_PLAYED : options.interactive,
        mode: options.mode,
        limitSeconds: options.limit,
        cast: options.cast,
        output: context.output,
        range: await rangeOf(options),
      });
      setExitCode(exitCode);
    });
}

async function rangeOf({
  theft,
  attacker,
  propagation,
}: DrillOptions): Promise<Pick<RangeOptions, 'theft' | 'attacker' | 'propagationSeconds'>> {
  const { ATTACKERS, THEFTS } = await import('../../range/index.js');
  return {
    theft: oneOf(THEFTS, theft),
    attacker: oneOf(ATTACKERS, attacker),
    ...(propagation === undefined ? {} : { propagationSeconds: { min: propagation * 0.8, max: propagation * 1.2 } }),
  };
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new CliError(`${text}: expected one of ${known.join(', ')}`, EXIT.usage);
  return found;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}
