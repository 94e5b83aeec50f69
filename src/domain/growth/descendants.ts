import type { Descendant } from '../../contracts/watch.js';
import { type CloudTrailRecord, eventMs, isSuccess } from '../cloudtrail/record.js';
import { distinct, listAt, textAt } from '../lineage/values.js';
import { withoutPath } from '../principals/arn.js';

/** Calls that give somebody else's user or role to the caller, with the parameter that names it. */
const OPENED: Readonly<Record<string, { readonly kind: 'user' | 'role'; readonly field: string }>> = {
  UpdateAssumeRolePolicy: { kind: 'role', field: 'roleName' },
  CreateAccessKey: { kind: 'user', field: 'userName' },
  CreateLoginProfile: { kind: 'user', field: 'userName' },
  UpdateLoginProfile: { kind: 'user', field: 'userName' },
  CreateServiceSpecificCredential: { kind: 'user', field: 'userName' },
};

/**
 * Where a call leads: the user or role it made, the role it became or runs compute with, or somebody else's that it opened (aws-domain
 * 5.4). Nothing for calls that lead nowhere, refused ones, and what somebody does to itself.
 */
export function descendantsOf(record: CloudTrailRecord, holderAddresses: ReadonlySet<string>): Descendant[] {
  const callerArn = callerArnOf(record);
  if (!isSuccess(record) || callerArn === undefined) return [];
  const found = [created(record), became(record), opened(record), ...instances(record), ofFunction(record)];
  return found.flatMap((one) => {
    // A role that assumes itself goes on under another session name.
    const isSelf = one !== undefined && withoutPath(one.arn) === withoutPath(callerArn) && one.how !== 'became';
    return one === undefined || isSelf ? [] : [descendant(one, { record, callerArn, holderAddresses })];
  });
}

/**
 * Whom the intruder's session of a role was issued to, so who else the intruder may be (aws-domain 5.5, backward to the parent). Nothing for
 * a service, an identity provider, or another account's root.
 */
export function ancestorOf(
  record: CloudTrailRecord,
  { arn, sessions = [] }: { arn: string; sessions?: readonly string[] | undefined },
  holderAddresses: ReadonlySet<string>,
): Descendant[] {
  const callerArn = callerArnOf(record);
  const to = became(record);
  if (!isSuccess(record) || callerArn === undefined || to?.arn !== arn || !sessions.includes(to.session ?? '')) return [];
  const { type, arn: asCalled } = record.userIdentity;
  if (type === 'IAMUser') return [descendant({ arn: callerArn, how: 'cameFrom' }, { record, callerArn: arn, holderAddresses })];
  const session = asCalled?.split('/').at(-1);
  if (type !== 'AssumedRole' || session === undefined) return [];
  return [descendant({ arn: callerArn, how: 'cameFrom', session }, { record, callerArn: arn, holderAddresses })];
}

function descendant(
  found: Found,
  { record, callerArn, holderAddresses }: { record: CloudTrailRecord; callerArn: string; holderAddresses: ReadonlySet<string> },
): Descendant {
  return {
    ...found,
    callerArn,
    api: record.eventName,
    eventId: record.eventID,
    region: record.awsRegion,
    eventAt: new Date(eventMs(record)).toISOString(),
    fromHolder: holderAddresses.has(record.sourceIPAddress),
  };
}

/** The user or role behind a call, as an IAM ARN where the record has one. */
export function callerArnOf({ userIdentity }: CloudTrailRecord): string | undefined {
  return userIdentity.sessionContext?.sessionIssuer?.arn ?? userIdentity.arn;
}

type Found = Pick<Descendant, 'arn' | 'how' | 'session'>;

function created(record: CloudTrailRecord): Found | undefined {
  if (record.eventSource !== 'iam.amazonaws.com') return undefined;
  const path = {
    CreateUser: 'responseElements.user.arn',
    CreateRole: 'responseElements.role.arn',
    AcquireRole: 'responseElements.role.arn',
  }[record.eventName];
  const arn = path === undefined ? undefined : textAt(record, path);
  return arn === undefined ? undefined : { arn, how: 'created' };
}

function became(record: CloudTrailRecord): Found | undefined {
  if (record.eventSource !== 'sts.amazonaws.com' || record.eventName !== 'AssumeRole') return undefined;
  const arn = textAt(record, 'requestParameters.roleArn');
  const session = textAt(record, 'requestParameters.roleSessionName');
  return arn === undefined || session === undefined ? undefined : { arn, how: 'became', session };
}

function opened(record: CloudTrailRecord): Found | undefined {
  const call = record.eventSource === 'iam.amazonaws.com' ? OPENED[record.eventName] : undefined;
  const name = call === undefined ? undefined : textAt(record, `requestParameters.${call.field}`);
  const account = textAt(record, 'recipientAccountId') ?? record.userIdentity.accountId;
  if (call === undefined || name === undefined || account === undefined) return undefined;
  const partition = record.userIdentity.arn?.split(':')[1] ?? 'aws';
  return { arn: `arn:${partition}:iam::${account}:${call.kind}/${name}`, how: 'changed' };
}

/** Sessions of a role on an instance carry the instance's id (aws-domain 5.4, PassRole). */
function instances(record: CloudTrailRecord): Found[] {
  if (record.eventSource !== 'ec2.amazonaws.com' || record.eventName !== 'RunInstances') return [];
  return listAt(record, 'responseElements.instancesSet').flatMap((item) => {
    const arn = textAt(item, 'iamInstanceProfile.arn');
    const session = textAt(item, 'instanceId');
    return arn === undefined || session === undefined ? [] : [{ arn, how: 'became' as const, session }];
  });
}

/** A function that was there before runs for somebody: only a new one's sessions are the intruder's alone. */
function ofFunction(record: CloudTrailRecord): Found | undefined {
  if (record.eventSource !== 'lambda.amazonaws.com') return undefined;
  const call = /^(Create|Update)Function(Code|Configuration)?\d/.exec(record.eventName);
  const arn = textAt(record, 'responseElements.role');
  const session = textAt(record, 'responseElements.functionName');
  if (call === null || arn === undefined || session === undefined) return undefined;
  return { arn, session, how: call[1] === 'Create' ? 'became' : 'changed' };
}

/** The instance profiles that a call gave to instances. */
export function profilesIn(record: CloudTrailRecord): string[] {
  return distinct(instances(record).map(({ arn }) => arn));
}
