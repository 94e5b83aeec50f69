import { createAccessAnalyzerOperations } from './accessanalyzer/operations.js';
import type { Alarm } from './alerts/alarm.js';
import type { Clock } from './clock/clock.js';
import { createCloudTrailOperations } from './cloudtrail/operations.js';
import type { CloudTrailRecord } from './cloudtrail/record.js';
import { createRecorder } from './cloudtrail/recorder.js';
import { createEc2Operations } from './ec2/operations.js';
import { createInstances, type Instances } from './ec2/instances.js';
import { buildCompute } from './ec2/scenario.js';
import { createGuardDutyOperations } from './guardduty/operations.js';
import type { Account } from './iam/account.js';
import { iamOperations } from './iam/operations/index.js';
import { createIdentityStoreOperations } from './identitystore/operations.js';
import { createFunctions, type Functions } from './lambda/functions.js';
import { createLambdaOperations } from './lambda/operations.js';
import { buildFunctions } from './lambda/scenario.js';
import { createLogsOperations } from './logs/operations.js';
import { createTrailLog } from './logs/trail-log.js';
import { createWorkloadLog, type WorkloadLogPlan } from './logs/workload-log.js';
import { organizationsOperations } from './organizations/operations.js';
import type { Random } from './random/random.js';
import type { RangeOptions } from './range.js';
import { createS3Operations } from './s3/operations.js';
import { firstKeyOf } from './scenario/build-account.js';
import type { Scenario } from './scenario/schema.js';
import { createSecretsManagerOperations } from './secrets-manager/operations.js';
import { createSqsOperations } from './sqs/operations.js';
import { createQueues, type Queues } from './sqs/queues.js';
import type { Tenant } from './server/tenant.js';
import type { IdentityCenter } from './sso-admin/identity-center.js';
import { createSsoAdminOperations } from './sso-admin/operations.js';
import { stsOperations } from './sts/operations.js';

/** What the services of one account depend on. */
export interface ServicesDeps {
  readonly scenario: Scenario;
  readonly options: RangeOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly alarm: Pick<Alarm, 'finding'>;
  readonly identityCenter: IdentityCenter | undefined;
  /** Only the account under attack has a workload, and only GuardDuty there ever finds something. */
  readonly isMain: boolean;
  readonly onRecord: (record: CloudTrailRecord) => void;
}

/** How long detectors, analyzers and log groups have been there. */
const SINCE_MS = 400 * 24 * 3_600_000;

/** Makes one account's services, each with a state of its own. */
export function createServices(
  account: Account,
  deps: ServicesDeps,
): Tenant & { readonly instances: Instances; readonly functions: Functions; readonly queues: Queues } {
  const { scenario, options, clock, alarm, identityCenter, isMain, onRecord } = deps;
  // The account under attack draws as if it were alone, so that a scenario grows without changing what happens in it.
  const random = isMain ? deps.random : deps.random.fork(account.id);
  const { region } = scenario.alerts;
  const { trailLogGroup } = options;
  const now = clock.now();
  const since = now - SINCE_MS;
  const delay = options.cloudTrailDelaySeconds ?? scenario.cloudTrailDelaySeconds;
  const recorder = createRecorder({ random: random.fork('delivery'), delay, onRecord });
  const instances = createInstances(random.fork('ec2'));
  const functions = createFunctions();
  const queues = createQueues({ accountId: account.id, clock });
  const plan = isMain ? scenario : scenario.accounts.find(({ id }) => id === account.id);
  if (plan?.compute !== undefined)
    buildCompute({ account, instances, recorder, random: random.fork('compute') }, { compute: plan.compute, now });
  buildFunctions(functions, { account, plans: plan?.functions ?? [], now });
  const log = isMain ? { ...workloadOf(account, scenario), region } : NO_WORKLOAD;
  const trailLogs = trailLogGroup === undefined ? [] : [createTrailLog(recorder, { region, group: trailLogGroup, since })];
  const operations = {
    iam: iamOperations,
    sts: stsOperations,
    organizations: organizationsOperations,
    cloudtrail: createCloudTrailOperations(recorder),
    ec2: createEc2Operations({ instances, recorder }),
    lambda: createLambdaOperations(functions),
    sso: createSsoAdminOperations(identityCenter, random.fork('sso')),
    identitystore: createIdentityStoreOperations(identityCenter),
    guardduty: createGuardDutyOperations({ alarm: isMain ? alarm : NO_FINDING, random: random.fork('alerts'), region, since }),
    'access-analyzer': createAccessAnalyzerOperations({ region, since }),
    logs: createLogsOperations(createWorkloadLog(recorder, { ...log, since }), ...trailLogs),
    secretsmanager: createSecretsManagerOperations(),
    sqs: createSqsOperations(queues),
    s3: createS3Operations([`tourniquet-evidence-${account.id}`], now),
  };
  return { account, recorder, instances, functions, queues, operations };
}

const NO_FINDING: Pick<Alarm, 'finding'> = { finding: () => undefined };

/** A log that is in no region, and so nowhere. */
const NO_WORKLOAD = { accessKeyId: '', address: '', group: '', region: '' } as const;

/** The workload's key and address, and where it logs. */
function workloadOf(account: Account, { cast, workloadLog: group }: Scenario): Pick<WorkloadLogPlan, 'accessKeyId' | 'address' | 'group'> {
  return { accessKeyId: firstKeyOf(account, cast.benign.user).key.accessKeyId, address: cast.benign.address, group };
}
