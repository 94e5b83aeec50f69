#!/usr/bin/env node
import { processContext } from './context.js';
import { runCli } from './run-cli.js';

// `tourniquet … | head`: a reader that has seen enough is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), processContext());
