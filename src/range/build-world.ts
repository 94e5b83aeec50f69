import { writeHistory } from './actors/history.js';
import { pastsOf } from './actors/roster.js';
import { createAccessAnalyzerOperations } from './accessanalyzer/operations.js';
import type { Alarm } from './alerts/alarm.js';
import type { Clock } from './clock/clock.js';
import { createCloudTrailOperations } from './cloudtrail/operations.js';
import { createRecorder, type Recorder } from './cloudtrail/recorder.js';
import { createEc2Operations } from './ec2/operations.js';
import { createInstances, type Instances } from './ec2/instances.js';
import { createPropagation } from './facets/propagation.js';
import { createFaults, type Faults } from './faults/faults.js';
import { createGuardDutyOperations } from './guardduty/operations.js';
import { createAccount, type Account } from './iam/account.js';
import { iamOperations } from './iam/operations/index.js';
import { createLogsOperations } from './logs/operations.js';
import { createWorkloadLog } from './logs/workload-log.js';
import type { Random } from './random/random.js';
import type { RangeOptions } from './range.js';
import { createS3Operations } from './s3/operations.js';
import { buildAccount, firstKeyOf } from './scenario/build-account.js';
import type { Scenario } from './scenario/schema.js';
import { createSecretsManagerOperations } from './secrets-manager/operations.js';
import { createCallLog, type CallLog } from './server/call-log.js';
import { createPipeline } from './server/pipeline.js';
import { stsOperations } from './sts/operations.js';
import type { WireHandler } from './wire/messages.js';

/** A simulated account that can be called; nobody in it moves by himself. */
export interface World {
  readonly account: Account;
  readonly instances: Instances;
  readonly recorder: Recorder;
  readonly faults: Faults;
  readonly log: CallLog;
  readonly handle: WireHandler;
}

/** What a world is built with. */
export interface WorldDeps {
  readonly options: RangeOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** What GuardDuty has reported so far. */
  readonly alarm: Pick<Alarm, 'finding'>;
}

/** Builds the account of a scenario with its past, and what answers calls to it. */
export function buildWorld(scenario: Scenario, { options, clock, random, alarm }: WorldDeps): World {
  const now = clock.now();
  const lag = options.propagationSeconds ?? scenario.propagationSeconds;
  const delay = options.cloudTrailDelaySeconds ?? scenario.cloudTrailDelaySeconds;
  const propagation = createPropagation({ clock, random: random.fork('propagation'), lag, staleReads: options.staleReads ?? false });
  const account = createAccount({ ...scenario.account, clock, random: random.fork('account'), propagation });
  buildAccount(account, scenario, { now, quarantinePolicyPresent: options.quarantinePolicyPresent ?? true });

  const recorder = createRecorder({ random: random.fork('delivery'), delay });
  const instances = createInstances(random.fork('ec2'));
  const { region } = scenario.alerts;
  const since = now - 400 * 24 * 3_600_000;
  const operations = {
    iam: iamOperations,
    sts: stsOperations,
    cloudtrail: createCloudTrailOperations(recorder),
    ec2: createEc2Operations({ instances, recorder }),
    guardduty: createGuardDutyOperations({ alarm, random: random.fork('alerts'), region, since }),
    'access-analyzer': createAccessAnalyzerOperations({ region, since }),
    logs: createLogsOperations(createWorkloadLog(recorder, { ...workloadOf(account, scenario), region, since })),
    secretsmanager: createSecretsManagerOperations(),
    s3: createS3Operations([`tourniquet-evidence-${account.id}`], now),
  };
  const past = { ...scenario.history, pasts: pastsOf(account, scenario), now };
  writeHistory({ account, recorder, random: random.fork('history'), operations }, past);

  const faults = createFaults();
  const log = createCallLog();
  const handle = createPipeline({ account, clock, random: random.fork('calls'), recorder, faults, log, operations });
  return { account, instances, recorder, faults, log, handle };
}

/** The workload's key and address, and where it logs. */
function workloadOf(account: Account, { cast, workloadLog: group }: Scenario): { accessKeyId: string; address: string; group: string } {
  return { accessKeyId: firstKeyOf(account, cast.benign.user).key.accessKeyId, address: cast.benign.address, group };
}
