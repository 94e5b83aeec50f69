import type { Bearer, Credential } from '../iam/credentials.js';
import { accountIdOf, arnOfBearer, userIdOfBearer } from '../server/context.js';
import type { UserIdentity } from './record.js';

/** Writes a caller the way CloudTrail does; only temporary credentials have a `sessionContext`. */
export function userIdentityOf({ bearer, accessKeyId, session, issuedAt }: Credential): UserIdentity {
  const accountId = accountIdOf(bearer);
  const base = { principalId: userIdOfBearer(bearer), arn: arnOfBearer(bearer), accountId, accessKeyId };
  const attributes = {
    creationDate: new Date(issuedAt).toISOString().replace('.000Z', 'Z'),
    mfaAuthenticated: String(session?.mfaAuthenticated === true),
  };
  const delivery = {
    ...(session?.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
    ...(session?.ec2RoleDelivery === undefined ? {} : { ec2RoleDelivery: session.ec2RoleDelivery }),
  };
  switch (bearer.kind) {
    case 'user':
      return { type: 'IAMUser', ...base, userName: bearer.user.name, ...(session === undefined ? {} : { sessionContext: { attributes } }) };
    case 'federated': {
      const { user } = bearer;
      return {
        type: 'FederatedUser',
        ...base,
        sessionContext: {
          sessionIssuer: { type: 'IAMUser', principalId: user.id, arn: user.arn, accountId, userName: user.name },
          attributes,
        },
      };
    }
    case 'role': {
      const { role } = bearer;
      return {
        type: 'AssumedRole',
        ...base,
        sessionContext: {
          sessionIssuer: { type: 'Role', principalId: role.id, arn: role.arn, accountId, userName: role.name },
          attributes,
          ...delivery,
        },
      };
    }
    case 'root':
      return {
        type: 'Root',
        ...base,
        ...(session === undefined
          ? {}
          : { sessionContext: { attributes, ...(session.assumedRoot === undefined ? {} : { assumedRoot: 'true' }) } }),
      };
    case 'external':
      return {
        type: bearer.type,
        principalId: userIdOfBearer(bearer),
        userName: bearer.subject,
        identityProvider: bearer.type === 'SAMLUser' ? bearer.providerArn : (bearer.providerArn.split('oidc-provider/')[1] ?? ''),
      };
    case 'outside':
      return foreignIdentityOf(bearer);
  }
}

/** What the owner of a role learns of a caller in another account (CloudTrail user guide, "userIdentity element"). */
export function foreignIdentityOf(bearer: Bearer): UserIdentity {
  return { type: 'AWSAccount', principalId: userIdOfBearer(bearer), accountId: accountIdOf(bearer) };
}

/** The `Username` by which LookupEvents finds an event: user name, role session name, federated name (aws-domain 5.2). */
export function lookupUserName({ type, userName, principalId }: UserIdentity): string | undefined {
  switch (type) {
    case 'IAMUser':
    case 'SAMLUser':
    case 'WebIdentityUser':
      return userName;
    case 'Root':
      return 'root';
    case 'AssumedRole':
    case 'FederatedUser':
      return principalId?.split(':').at(-1);
    case 'AWSAccount':
    case 'AWSService':
      return undefined;
  }
}
