import { createRandom, guardDutyFinding, healthEvent, type Random, type Sighting } from '../../range/index.js';

/** Whom alerts are about. */
export interface Suspect {
  readonly account: string;
  readonly userName: string;
  readonly userId: string;
  readonly accessKeyId: string;
}

/** One delivery, as its source sends it. */
export interface Delivery {
  readonly source: string;
  readonly body: string;
}

/** Everything that is sent, and how many different alerts each user has in it. */
export interface Storm {
  readonly deliveries: readonly Delivery[];
  readonly alertsOf: ReadonlyMap<string, number>;
}

/** One alert about somebody, as told by a source: an id of its own, the moment it was seen, and where its other ids come from. */
interface Told {
  readonly id: string;
  readonly seenAt: string;
  readonly random: Random;
}

type Message = (suspect: Suspect, told: Told) => object;

/** Sources that speak of long-term keys, by kind. */
export const SOURCES: Readonly<Record<string, Message>> = {
  guardduty: (suspect, { seenAt, random }) => guardDutyFinding(sightingOf(suspect, seenAt), { random, count: 1, now: Date.parse(seenAt) }),
  'aws-health': (suspect, { seenAt, random }) => healthEvent(sightingOf(suspect, seenAt), { random, now: Date.parse(seenAt) }),
  'security-hub': securityHubFinding,
  'security-hub-ocsf': ocsfFinding,
};

/** Share of the deliveries that come once more. */
const AGAIN = 0.3;
/** Alerts of one storm were seen within these minutes. */
const SEEN_WITHIN_MINUTES = 30;

/** Alerts on a few users from four sources, shuffled, a third of them delivered again. The same seed gives the same order. */
export function makeStorm(suspects: readonly Suspect[], { alerts, seed, nowMs }: { alerts: number; seed: number; nowMs: number }): Storm {
  const random = createRandom(seed);
  const names = Object.keys(SOURCES);
  const alertsOf = new Map<string, number>();
  const first = Array.from({ length: alerts }, (_, index): Delivery => {
    const suspect = suspects[index % suspects.length];
    const source = names[Math.floor(index / suspects.length) % names.length] ?? '';
    const message = SOURCES[source];
    if (suspect === undefined || message === undefined) throw new Error('a storm needs somebody it is about');
    alertsOf.set(suspect.userName, (alertsOf.get(suspect.userName) ?? 0) + 1);
    const id = `storm-${index}`;
    const seenAt = new Date(nowMs - Math.floor(random.next() * SEEN_WITHIN_MINUTES * 60) * 1000).toISOString();
    return { source, body: JSON.stringify(message(suspect, { id, seenAt, random: random.fork(id) })) };
  });
  const again = first.filter(() => random.next() < AGAIN);
  return { deliveries: shuffled([...first, ...again], random), alertsOf };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function sightingOf({ account, ...who }: Suspect, seenAt: string): Sighting {
  const call = { address: '198.51.100.7', api: 'ListUsers', service: 'iam' };
  return { ...who, ...call, accountId: account, region: 'us-east-1', firstSeenAt: Date.parse(seenAt) };
}

function securityHubFinding({ account, accessKeyId, userId, userName }: Suspect, { id, seenAt }: Told): object {
  const finding = {
    SchemaVersion: '2018-10-08',
    Id: `arn:aws:securityhub:us-east-1:${account}:subscription/storm/${id}`,
    ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/guardduty',
    GeneratorId: 'storm',
    AwsAccountId: account,
    Types: ['TTPs/Command and Control/UnauthorizedAccess:IAMUser-TorIPCaller'],
    FirstObservedAt: seenAt,
    LastObservedAt: seenAt,
    CreatedAt: seenAt,
    UpdatedAt: seenAt,
    Severity: { Label: 'MEDIUM', Normalized: 50 },
    Title: 'API ListUsers was invoked from a Tor exit node',
    Description: 'API ListUsers was invoked from a Tor exit node.',
    Resources: [
      {
        Type: 'AwsIamAccessKey',
        Id: `AWS::IAM::AccessKey:${accessKeyId}`,
        Partition: 'aws',
        Region: 'us-east-1',
        Details: {
          AwsIamAccessKey: {
            AccessKeyId: accessKeyId,
            PrincipalId: userId,
            PrincipalName: userName,
            PrincipalType: 'IAMUser',
            AccountId: account,
          },
        },
      },
    ],
    RecordState: 'ACTIVE',
    WorkflowState: 'NEW',
  };
  const detail = { findings: [finding] };
  return {
    version: '0',
    id,
    'detail-type': 'Security Hub Findings - Imported',
    source: 'aws.securityhub',
    account,
    time: seenAt,
    region: 'us-east-1',
    detail,
  };
}

/** The same in OCSF, as Security Hub's second version sends it. */
function ocsfFinding({ account, accessKeyId, userId, userName }: Suspect, { id, seenAt }: Told): object {
  const timeMs = Date.parse(seenAt);
  const finding = {
    class_uid: 2004,
    class_name: 'Detection Finding',
    severity_id: 3,
    severity: 'Medium',
    status: 'New',
    time: timeMs,
    time_dt: seenAt,
    cloud: { account: { uid: account }, region: 'us-east-1', provider: 'AWS' },
    metadata: { product: { uid: 'arn:aws:securityhub:us-east-1::productv2/aws/guardduty', name: 'GuardDuty' }, version: '1.6.0' },
    finding_info: {
      uid: id,
      title: 'API ListUsers was invoked from a Tor exit node',
      types: ['UnauthorizedAccess:IAMUser/TorIPCaller'],
      first_seen_time: timeMs,
      last_seen_time: timeMs,
      created_time: timeMs,
    },
    resources: [{ uid: `arn:aws:iam::${account}:user/${userName}`, type: 'AWS::IAM::User', name: userName }],
    evidences: [
      { actor: { user: { name: userName, uid: userId, credential_uid: accessKeyId, type: 'IAMUser' } }, api: { operation: 'ListUsers' } },
    ],
  };
  const detail = { findings: [finding] };
  return {
    version: '0',
    id,
    'detail-type': 'Findings Imported V2',
    source: 'aws.securityhub',
    account,
    time: seenAt,
    region: 'us-east-1',
    detail,
  };
}
