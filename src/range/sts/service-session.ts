import { cloudTrailParameters, wholeSecond } from '../cloudtrail/parameters.js';
import type { CloudTrailRecord } from '../cloudtrail/record.js';
import type { Recorder } from '../cloudtrail/recorder.js';
import type { Account } from '../iam/account.js';
import type { Credential, Origin } from '../iam/credentials.js';
import type { Role } from '../iam/model.js';
import type { Random } from '../random/random.js';
import { credentialsShape } from './mint.js';

/** Where a service works for a customer. */
export interface ServiceSessionDeps {
  readonly account: Account;
  readonly recorder: Recorder;
  readonly random: Random;
}

/** What a service asks for: a role for something that runs in it. */
export type ServiceSession = {
  readonly role: Role;
  /** e.g. `ec2.amazonaws.com`, as CloudTrail names it in place of an address. */
  readonly service: string;
  readonly sessionName: string;
  readonly region: string;
  readonly issuedAt: number;
  readonly lifeMs: number;
  readonly ec2RoleDelivery?: '1.0' | '2.0';
  /** Who can use it because he chose what runs there; undefined for a workload of the account's own. */
  readonly origin: Origin | undefined;
};

/** Issues a role's credentials to an AWS service and records it. Whether the role trusts the service is the caller's to ask. */
export function issueServiceSession(deps: ServiceSessionDeps, session: ServiceSession): Credential {
  const { role, sessionName, issuedAt, lifeMs, ec2RoleDelivery, origin } = session;
  const credential = deps.account.credentials.issue({
    bearer: { kind: 'role', role, sessionName },
    issuedAt,
    session: {
      expiresAt: issuedAt + lifeMs,
      mfaAuthenticated: false,
      policies: undefined,
      ...(ec2RoleDelivery === undefined ? {} : { ec2RoleDelivery }),
    },
    ...(origin === undefined ? {} : { origin }),
  });
  const resources = [
    { ResourceType: 'AWS::IAM::AccessKey', ResourceName: credential.accessKeyId },
    { ResourceType: 'AWS::IAM::Role', ResourceName: role.arn },
    { ResourceType: 'AWS::STS::AssumedRole', ResourceName: sessionName },
  ];
  deps.recorder.add({ record: recordOf(deps, session, credential), resources, at: issuedAt });
  return credential;
}

/** The record of AssumeRole by a service. It has no `assumedRoleUser`: the key id is the only link (aws-domain 5.4). */
function recordOf(
  { account, random }: ServiceSessionDeps,
  { role, service, sessionName, region }: ServiceSession,
  credential: Credential,
): CloudTrailRecord {
  return {
    eventVersion: '1.09',
    userIdentity: { type: 'AWSService', invokedBy: service },
    eventTime: wholeSecond(credential.issuedAt),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: region,
    sourceIPAddress: service,
    userAgent: service,
    requestParameters: { roleArn: role.arn, roleSessionName: sessionName },
    responseElements: cloudTrailParameters({ Credentials: credentialsShape(credential) }),
    resources: [{ accountId: account.id, type: 'AWS::IAM::Role', ARN: role.arn }],
    sharedEventID: random.uuid(),
    requestID: random.uuid(),
    eventID: random.uuid(),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account.id,
    eventCategory: 'Management',
  };
}
