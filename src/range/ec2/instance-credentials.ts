import type { CloudTrailRecord } from '../cloudtrail/record.js';
import { cloudTrailParameters, wholeSecond } from '../cloudtrail/parameters.js';
import type { Recorder } from '../cloudtrail/recorder.js';
import type { Credential } from '../iam/credentials.js';
import type { Role } from '../iam/model.js';
import type { Call } from '../server/call.js';
import { credentialsShape } from '../sts/mint.js';
import { trustsService } from '../sts/trust.js';
import type { Ec2Instance } from './instances.js';

/** The service that assumes an instance's role, as CloudTrail names it in place of an address. */
const EC2 = 'ec2.amazonaws.com';

/** EC2 hands out credentials about this long after the launch, and they live this long ("typically 6 hours", EC2 user guide). */
const AFTER_MS = 1000;
const LIFE_MS = 6 * 3_600_000;

/**
 * Gives an instance its role's credentials and records it. They are the launcher's to use, because he chose the user data,
 * and they outlive the instance: stopping or terminating it does not end them (aws-domain 1.1).
 * Does nothing the second time, without a role, or when the role does not trust EC2: then the instance runs without credentials.
 */
export function issueInstanceCredentials(call: Call, instance: Ec2Instance, recorder: Recorder): void {
  const role = roleIn(call, instance);
  if (role === undefined || hasCredentials(call, instance) || !trustsService(role, { service: EC2, at: call.at })) return;
  const issuedAt = Math.floor(call.at / 1000) * 1000 + AFTER_MS;
  const credential = call.account.credentials.issue({
    bearer: { kind: 'role', role, sessionName: instance.id },
    issuedAt,
    session: { expiresAt: issuedAt + LIFE_MS, mfaAuthenticated: false, policies: undefined, ec2RoleDelivery: '2.0' },
    origin: { keyId: call.caller.accessKeyId, sourceIp: call.sourceIp },
  });
  const resources = [
    { ResourceType: 'AWS::IAM::AccessKey', ResourceName: credential.accessKeyId },
    { ResourceType: 'AWS::IAM::Role', ResourceName: role.arn },
    { ResourceType: 'AWS::STS::AssumedRole', ResourceName: instance.id },
  ];
  recorder.add({ record: recordOf(call, { role, credential, instance }), resources, at: issuedAt });
}

function hasCredentials({ account }: Call, { id }: Ec2Instance): boolean {
  return account.credentials.all().some(({ bearer }) => bearer.kind === 'role' && bearer.sessionName === id);
}

/** The role as configured: EC2 asks again until a new profile has arrived everywhere. */
function roleIn({ account }: Call, { profile }: Ec2Instance): Role | undefined {
  const found = account.instanceProfiles.list().find(({ arn }) => arn === profile?.arn);
  return account.roles.find(found?.role.latest() ?? '');
}

/** The record of AssumeRole by the service. It has no `assumedRoleUser`: the key id is the only link (aws-domain 5.4). */
function recordOf(
  call: Call,
  { role, credential, instance }: { role: Role; credential: Credential; instance: Ec2Instance },
): CloudTrailRecord {
  const { random, account } = call;
  return {
    eventVersion: '1.09',
    userIdentity: { type: 'AWSService', invokedBy: EC2 },
    eventTime: wholeSecond(credential.issuedAt),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: instance.region,
    sourceIPAddress: EC2,
    userAgent: EC2,
    requestParameters: { roleArn: role.arn, roleSessionName: instance.id },
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
