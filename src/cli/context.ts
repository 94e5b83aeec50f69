import { loadEnv, type Env } from '../config/env.js';
import { connectClient, temporalAddress } from '../config/temporal.js';
import type { Session } from '../incidents/session.js';
import { CliError, EXIT } from './cli-error.js';
import { processOutput, type Output } from './output.js';

export type { Session } from '../incidents/session.js';

/** Tells the program's exit code where a command does not throw but did not succeed either. */
export type SetExitCode = (code: number) => void;

/** What every command gets. */
export interface CliContext {
  readonly output: Output;
  readonly now: () => Date;
  /** Read on demand: `alert parse` and `--help` need no configuration. */
  readonly env: () => Env;
  /** Runs `work` with a connection that is closed afterwards. */
  readonly withTemporal: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
}

/** The context of the real program. */
export function processContext(): CliContext {
  return { output: processOutput(), now: () => new Date(), env: readEnv, withTemporal };
}

function readEnv(): Env {
  try {
    return loadEnv();
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : 'bad configuration', EXIT.usage);
  }
}

async function withTemporal<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const target = { identity: readEnv().identity };
  const session = await connectClient(target).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'no connection';
    throw new CliError(`Temporal does not answer at ${temporalAddress(target)} (${why}). Start it, or set TEMPORAL_ADDRESS`);
  });
  try {
    return await work(session);
  } finally {
    await session.connection.close();
  }
}
