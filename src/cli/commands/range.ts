import { InvalidArgumentError, type Command } from 'commander';
import { command } from '../command.js';
import type { CliContext } from '../context.js';

interface ServeOptions {
  readonly port: number;
  readonly scenario: string;
  readonly seed: number;
  readonly propagationMs?: number;
  readonly actors: boolean;
}

/** The simulated AWS organization, for other tools. */
export function rangeCommand(context: CliContext): Command {
  return command('range', 'the simulated AWS organization', 'tourniquet range serve --port 4599').addCommand(serveCommand(context));
}

function serveCommand(context: CliContext): Command {
  return command(
    'serve',
    'serve a scenario over HTTP until Ctrl-C; the first line is JSON',
    'tourniquet range serve --port 4599 --scenario leaked-user-key --seed 7',
  )
    .option('--port <port>', 'loopback port; 0 = any', wholeNumber, 0)
    .option('--scenario <name>', 'scenario', 'leaked-user-key')
    .option('--seed <number>', 'seed of everything random', wholeNumber, 1)
    .option('--propagation-ms <ms>', 'longest delay until a change is seen everywhere', wholeNumber)
    .option('--no-actors', 'nobody attacks: the account only')
    .action(async ({ port, scenario, seed, propagationMs, actors }: ServeOptions) => {
      const { output } = context;
      // Loaded on demand: no other command needs the simulated AWS.
      const { startRange } = await import('../../range/index.js');
      const range = await startRange({
        port,
        scenario,
        seed,
        ...(propagationMs === undefined ? {} : { propagationSeconds: { min: 0, max: propagationMs / 1_000 } }),
        onAlert: (alert) => output.json({ alert }),
        onNarrate: ({ actor, text }) => output.error(`${actor}: ${text}`),
      });
      try {
        const { responder, leaked, admin, restorer, collector, outsider } = range.identities;
        const identities = { responder, attacker: leaked, admin, restorer, collector, outsider };
        output.json({ endpoint: range.endpoint, ...identities, accounts: [range.accountId] });
        if (actors) range.startActors();
        await interrupted();
      } finally {
        await range.stop();
      }
    });
}

function interrupted(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}
