import { CloudTrailRecord } from '../../../src/domain/cloudtrail/record.js';

export const ACCOUNT = '111122223333';
export const USER = `arn:aws:iam::${ACCOUNT}:user/automation/ci-deploy`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy/deploy-target`;
export const THIEF_IP = '198.51.100.9';
export const HOLDER_IP = '10.0.0.5';
export const NOBODY: ReadonlySet<string> = new Set();

type Members = Readonly<Record<string, unknown>>;

/** An IAM user's own call, as CloudTrail writes the caller: its ARN with the path. */
export const BY_USER = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLECIDEPLOY01',
  arn: USER,
  accountId: ACCOUNT,
  accessKeyId: 'AKIAEXAMPLEKEY000001',
  userName: 'ci-deploy',
};

/** A session of a role. */
export function bySession(name: string, role = ROLE): Members {
  const short = role.split('/').at(-1);
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLEROLE000001:${name}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${short}/${name}`,
    accountId: ACCOUNT,
    accessKeyId: 'ASIAEXAMPLESESSION01',
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLEROLE000001', arn: role, accountId: ACCOUNT, userName: short },
      attributes: { creationDate: '2026-11-22T10:00:00Z', mfaAuthenticated: 'false' },
    },
  };
}

/** What a record of a service has, the user as caller from the thief's address. */
export function aTrailRecord(service: string, eventName: string, members: Members = {}): CloudTrailRecord {
  return CloudTrailRecord.parse({
    eventVersion: '1.09',
    eventID: `3f2c9a1b-0000-4d5e-8f90-${eventName.slice(0, 12).toLowerCase()}`,
    eventTime: '2026-11-22T10:05:00Z',
    eventName,
    eventSource: `${service}.amazonaws.com`,
    awsRegion: 'us-east-1',
    sourceIPAddress: THIEF_IP,
    userAgent: 'aws-cli/2.15.0',
    userIdentity: BY_USER,
    requestParameters: null,
    responseElements: null,
    recipientAccountId: ACCOUNT,
    eventType: 'AwsApiCall',
    managementEvent: true,
    ...members,
  });
}

/** A new user with a path. */
export function makesUser(userName: string, members: Members = {}): CloudTrailRecord {
  const arn = `arn:aws:iam::${ACCOUNT}:user/made/${userName}`;
  return aTrailRecord('iam', 'CreateUser', {
    requestParameters: { userName, path: '/made/' },
    responseElements: { user: { path: '/made/', arn, userName, userId: 'AIDAEXAMPLEMADE000001', createDate: 'Nov 22, 2026 10:05:00 AM' } },
    ...members,
  });
}

/** Takes a session of a role. */
export function assumes(roleArn: string, roleSessionName: string, members: Members = {}): CloudTrailRecord {
  const role = roleArn.split('/').at(-1);
  return aTrailRecord('sts', 'AssumeRole', {
    requestParameters: { roleArn, roleSessionName, durationSeconds: 3600 },
    responseElements: {
      credentials: { accessKeyId: 'ASIAEXAMPLESESSION02', expiration: 'Nov 22, 2026, 11:05:00 AM' },
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLEROLE000002:${roleSessionName}`,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${roleSessionName}`,
      },
    },
    ...members,
  });
}

/** Starts instances, with an instance profile where one is given. */
export function launches(instanceIds: readonly string[], profile?: string): CloudTrailRecord {
  const arn = `arn:aws:iam::${ACCOUNT}:instance-profile/${profile}`;
  const given = profile === undefined ? {} : { iamInstanceProfile: { arn, id: 'AIPAEXAMPLEPROFILE001' } };
  return aTrailRecord('ec2', 'RunInstances', {
    requestParameters: { instancesSet: { items: [{ imageId: 'ami-1', minCount: 1, maxCount: 9 }] }, ...given },
    responseElements: {
      reservationId: 'r-0123456789abcdef0',
      instancesSet: { items: instanceIds.map((instanceId) => ({ instanceId, imageId: 'ami-1', ...given })) },
    },
  });
}

/** A call of Lambda on a function that runs as a role. */
export function onFunction(eventName: string, role: string, members: Members = {}): CloudTrailRecord {
  const functionName = 'sync-job';
  const functionArn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${functionName}`;
  return aTrailRecord('lambda', eventName, {
    requestParameters: { functionName },
    responseElements: { functionName, functionArn, role, runtime: 'nodejs20.x', handler: 'index.handler', state: 'Pending' },
    ...members,
  });
}
