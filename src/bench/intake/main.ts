import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { sendToBaseline } from './baseline.js';
import { outcomeOf, type StormOutcome } from './check.js';
import { percentile, sendAll, type Sending } from './send.js';
import { type IntakeStage, setIntakeStage, toApi } from './stage.js';
import { makeStorm, type Storm } from './storm.js';
import { startWorkerProcess, WORKER_FLAG, workAlone } from './worker-process.js';

/** After the last delivery everything is known within this time. */
const SETTLED_WITHIN_MS = 300_000;
const LOOK_MS = 1_000;

interface Options {
  readonly json?: boolean;
  readonly quick?: boolean;
  readonly alerts: string;
  readonly users: string;
  readonly seed: string;
}

/** `bench:intake`: a storm of alerts through the API, its worker killed in the middle, beside the least that keeps an alert. */
const program = new Command('bench:intake')
  .description('1,000 alerts on 10 users from 4 sources, shuffled, 30 % delivered again, the worker killed in the middle')
  .option('--json', 'end with one line of JSON')
  .option('--quick', '100 alerts')
  .option('--alerts <n>', 'different alerts', '1000')
  .option('--users <n>', 'users they are about', '10')
  .option('--seed <n>', 'seed of order and repeats', '1')
  .action(async (options: Options) => {
    const seed = Number(options.seed);
    const stage = await setIntakeStage({ users: Number(options.users), seed });
    try {
      const alerts = options.quick === true ? 100 : Number(options.alerts);
      const storm = makeStorm(stage.suspects, { alerts, seed, nowMs: Date.now() });
      const baseline = await sendToBaseline(stage.session.client, storm.deliveries);
      const { sending, outcome } = await blow(stage, storm);
      report({ options, storm, sending, outcome, baseline });
    } finally {
      await stage.close();
    }
  });

/** Sends everything; half way the worker is killed, and another one starts. */
async function blow(stage: IntakeStage, storm: Storm): Promise<{ sending: Sending; outcome: StormOutcome }> {
  const order = { env: stage.env, awsCredentials: stage.range.identities };
  const start = (): ReturnType<typeof startWorkerProcess> => startWorkerProcess(import.meta.url, order);
  const first = await start();
  let second: ReturnType<typeof start> | undefined;
  const half = Math.ceil(storm.deliveries.length / 2);
  const sending = await sendAll(storm.deliveries, {
    request: toApi(stage),
    onAnswer: (answered) => {
      if (answered === half) second = first.kill().then(start);
    },
  });
  try {
    return { sending, outcome: await settled(stage, storm) };
  } finally {
    await (await second)?.kill();
  }
}

/** Waits until every incident knows its alerts; what is missing after that is lost. */
async function settled({ session }: IntakeStage, { alertsOf }: Storm): Promise<StormOutcome> {
  const endMs = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const outcome = await outcomeOf(session.client, alertsOf).catch(() => undefined);
    if (outcome !== undefined && ((outcome.lost === 0 && outcome.incidents >= alertsOf.size) || Date.now() > endMs)) return outcome;
    if (Date.now() > endMs + SETTLED_WITHIN_MS) throw new Error('the incidents do not answer');
    await delay(LOOK_MS);
  }
}

function report(run: { options: Options; storm: Storm; sending: Sending; outcome: StormOutcome; baseline: Sending }): void {
  const { options, storm, sending, outcome, baseline } = run;
  const sent = storm.deliveries.length;
  const accepted = sending.acceptMs.length;
  const line = {
    sent,
    accepted,
    rejected: sending.rejected,
    lost: outcome.lost + sending.unanswered,
    incidents: outcome.incidents,
    acceptP50Ms: rounded(percentile(sending.acceptMs, 0.5)),
    acceptP99Ms: rounded(percentile(sending.acceptMs, 0.99)),
    alertsPerSecond: rounded(accepted / sending.seconds),
    baselineAlertsPerSecond: rounded(baseline.acceptMs.length / baseline.seconds),
  };
  print(`${storm.alertsOf.size} users, ${sent} deliveries: ${accepted} accepted, ${line.rejected} rejected, ${line.lost} lost`);
  print(`${line.incidents} incidents; the worker was killed in the middle`);
  print(`accepted within ${line.acceptP50Ms} ms (median), ${line.acceptP99Ms} ms (99 %)`);
  print(`${line.alertsPerSecond} alerts/s, a bare Fastify with a workflow start ${line.baselineAlertsPerSecond} alerts/s`);
  for (const problem of outcome.problems) print(`PROBLEM: ${problem}`);
  if (options.json === true) print(JSON.stringify(line));
  const isRight = line.lost === 0 && line.incidents === storm.alertsOf.size && accepted + line.rejected === sent && line.rejected === 0;
  process.exitCode = isRight && outcome.problems.length === 0 ? 0 : 1;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await (process.argv.includes(WORKER_FLAG) ? workAlone() : program.parseAsync());
