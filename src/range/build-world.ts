import { writeHistory } from './actors/history.js';
import { pastsOf } from './actors/roster.js';
import type { Clock } from './clock/clock.js';
import { createCloudTrailOperations } from './cloudtrail/operations.js';
import { createRecorder, type Recorder } from './cloudtrail/recorder.js';
import { createPropagation } from './facets/propagation.js';
import { createFaults, type Faults } from './faults/faults.js';
import { createAccount, type Account } from './iam/account.js';
import { iamOperations } from './iam/operations/index.js';
import type { Random } from './random/random.js';
import type { RangeOptions } from './range.js';
import { buildAccount } from './scenario/build-account.js';
import type { Scenario } from './scenario/schema.js';
import { createCallLog, type CallLog } from './server/call-log.js';
import { createPipeline } from './server/pipeline.js';
import { stsOperations } from './sts/operations.js';
import type { WireHandler } from './wire/messages.js';

/** A simulated account that can be called; nobody in it moves by himself. */
export interface World {
  readonly account: Account;
  readonly recorder: Recorder;
  readonly faults: Faults;
  readonly log: CallLog;
  readonly handle: WireHandler;
}

/** Builds the account of a scenario with its past, and what answers calls to it. */
export function buildWorld(scenario: Scenario, { options, clock, random }: { options: RangeOptions; clock: Clock; random: Random }): World {
  const now = clock.now();
  const lag = options.propagationSeconds ?? scenario.propagationSeconds;
  const delay = options.cloudTrailDelaySeconds ?? scenario.cloudTrailDelaySeconds;
  const propagation = createPropagation({ clock, random: random.fork('propagation'), lag, staleReads: options.staleReads ?? false });
  const account = createAccount({ ...scenario.account, clock, random: random.fork('account'), propagation });
  buildAccount(account, scenario, { now, quarantinePolicyPresent: options.quarantinePolicyPresent ?? true });

  const recorder = createRecorder({ random: random.fork('delivery'), delay });
  const operations = { iam: iamOperations, sts: stsOperations, cloudtrail: createCloudTrailOperations(recorder) };
  const past = { ...scenario.history, pasts: pastsOf(account, scenario), now };
  writeHistory({ account, recorder, random: random.fork('history'), operations }, past);

  const faults = createFaults();
  const log = createCallLog();
  const handle = createPipeline({ account, clock, random: random.fork('calls'), recorder, faults, log, operations });
  return { account, recorder, faults, log, handle };
}
