import { cloudTrailParameters, wholeSecond } from '../cloudtrail/parameters.js';
import type { CloudTrailRecord } from '../cloudtrail/record.js';
import type { Recorder } from '../cloudtrail/recorder.js';
import type { Credential, Origin } from '../iam/credentials.js';
import type { Role } from '../iam/model.js';
import type { Random } from '../random/random.js';
import { credentialsShape } from '../sts/mint.js';
import { findAssignment, type IdentityCenter } from './identity-center.js';
import { identityCenterProviderOf } from './reserved-roles.js';

/** Who signs in to what, and from where. */
export type SignIn = {
  readonly userName: string;
  /** The permission set's name. */
  readonly permissionSet: string;
  readonly accountId: string;
  readonly at: number;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Set when somebody else signs in with what he stole. */
  readonly origin?: Origin;
};

/** What signing in needs: the recorder is that of the account signed in to. */
export interface SignInDeps {
  readonly center: IdentityCenter;
  readonly recorderOf: (accountId: string) => Recorder;
  readonly random: Random;
}

/**
 * Gives a person the role session that the access portal gives: session name is the user name, and policies see the person by
 * `identitystore:UserId`. The account's CloudTrail hears of it as AssumeRoleWithSAML.
 *
 * @throws Error without an assignment
 */
export function signIn({ center, recorderOf, random }: SignInDeps, wanted: SignIn): Credential {
  const { userName, accountId, at } = wanted;
  const user = center.users.find((one) => one.userName === userName);
  const permissionSet = center.permissionSets.find(({ name }) => name === wanted.permissionSet);
  const account = center.organization.account(accountId);
  const isAssigned =
    user !== undefined && permissionSet !== undefined && findAssignment(center, { permissionSet, accountId, user }) !== undefined;
  const role = permissionSet?.provisioned.get(accountId)?.role;
  if (!isAssigned || account === undefined || role === undefined)
    throw new Error(`${userName} has no assignment of ${wanted.permissionSet} in ${accountId}`);
  const issuedAt = Math.floor(at / 1000) * 1000;
  const credential = account.credentials.issue({
    bearer: { kind: 'role', role, sessionName: userName },
    issuedAt,
    session: {
      expiresAt: issuedAt + permissionSet.sessionSeconds * 1000,
      mfaAuthenticated: false,
      policies: undefined,
      identityStoreUserId: user.id,
    },
    ...(wanted.origin === undefined ? {} : { origin: wanted.origin }),
  });
  const resources = [
    { ResourceType: 'AWS::IAM::AccessKey', ResourceName: credential.accessKeyId },
    { ResourceType: 'AWS::IAM::Role', ResourceName: role.arn },
    { ResourceType: 'AWS::STS::AssumedRole', ResourceName: userName },
  ];
  const provider = identityCenterProviderOf(account) ?? '';
  const record = recordOf({ center, random, wanted, role, credential, provider, seconds: permissionSet.sessionSeconds });
  recorderOf(accountId).add({ record, resources, at });
  return credential;
}

type RecordParts = Pick<SignInDeps, 'center' | 'random'> & {
  readonly wanted: SignIn;
  readonly role: Role;
  readonly credential: Credential;
  readonly provider: string;
  readonly seconds: number;
};

/** The record of the session's start, in the form of the CloudTrail user guide's example of AssumeRoleWithSAML. */
function recordOf({ center, random, wanted, role, credential, provider, seconds }: RecordParts): CloudTrailRecord {
  const { userName, accountId, at, sourceIp, userAgent } = wanted;
  // Identity Center's own issuer id, an opaque hash that is the same for all its assertions.
  const issuerId = `${Buffer.from(center.instanceArn).toString('base64').slice(-27)}=`;
  return {
    eventVersion: '1.09',
    userIdentity: { type: 'SAMLUser', principalId: `${issuerId}:${userName}`, userName, identityProvider: issuerId },
    eventTime: wholeSecond(at),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRoleWithSAML',
    awsRegion: center.region,
    sourceIPAddress: sourceIp,
    userAgent,
    requestParameters: {
      sAMLAssertionID: `_${random.uuid()}`,
      roleSessionName: userName,
      roleArn: role.arn,
      principalArn: provider,
      durationSeconds: seconds,
    },
    responseElements: {
      ...cloudTrailParameters({ Credentials: credentialsShape(credential) }),
      assumedRoleUser: {
        assumedRoleId: `${role.id}:${userName}`,
        arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${userName}`,
      },
      subject: userName,
      subjectType: 'persistent',
      nameQualifier: issuerId,
      issuer: `https://portal.sso.${center.region}.amazonaws.com/saml/assertion`,
      audience: 'https://signin.aws.amazon.com/saml',
    },
    resources: [
      { accountId, type: 'AWS::IAM::Role', ARN: role.arn },
      { accountId, type: 'AWS::IAM::SAMLProvider', ARN: provider },
    ],
    requestID: random.uuid(),
    eventID: random.uuid(),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: 'Management',
  };
}
