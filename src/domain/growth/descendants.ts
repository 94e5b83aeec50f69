import type { Descendant } from '../../contracts/watch.js';
import { type CloudTrailRecord, eventMs, isSuccess } from '../cloudtrail/record.js';
import { textAt } from '../lineage/values.js';

/** Calls that give somebody else's user or role to the caller, with the parameter that names it. */
const OPENED: Readonly<Record<string, { readonly kind: 'user' | 'role'; readonly field: string }>> = {
  UpdateAssumeRolePolicy: { kind: 'role', field: 'roleName' },
  CreateAccessKey: { kind: 'user', field: 'userName' },
  CreateLoginProfile: { kind: 'user', field: 'userName' },
  UpdateLoginProfile: { kind: 'user', field: 'userName' },
  CreateServiceSpecificCredential: { kind: 'user', field: 'userName' },
};

/**
 * Where a call leads: the user or role it made, the role it became, or somebody else's that it opened (aws-domain 5.4). Undefined for
 * calls that lead nowhere, refused ones, and what somebody does to itself.
 */
export function descendantOf(record: CloudTrailRecord, holderAddresses: ReadonlySet<string>): Descendant | undefined {
  if (!isSuccess(record)) return undefined;
  const found = created(record) ?? became(record) ?? opened(record);
  if (found === undefined || found.arn === callerArnOf(record)) return undefined;
  return {
    ...found,
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
