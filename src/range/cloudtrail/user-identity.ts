import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import { arnOfBearer, userIdOfBearer } from '../server/context.js';
import type { UserIdentity } from './record.js';

/** Writes a caller the way CloudTrail does; only temporary credentials have a `sessionContext`. */
export function userIdentityOf(account: Account, { bearer, accessKeyId, session, issuedAt }: Credential): UserIdentity {
  const base = { principalId: userIdOfBearer(account, bearer), arn: arnOfBearer(account, bearer), accountId: account.id, accessKeyId };
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
          sessionIssuer: { type: 'IAMUser', principalId: user.id, arn: user.arn, accountId: account.id, userName: user.name },
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
          sessionIssuer: { type: 'Role', principalId: role.id, arn: role.arn, accountId: account.id, userName: role.name },
          attributes,
          ...delivery,
        },
      };
    }
    case 'outside':
      // The owner of a role learns of a caller in another account only this much (CloudTrail user guide, "userIdentity element").
      return { type: 'AWSAccount', principalId: bearer.userId, accountId: bearer.accountId };
  }
}

/** The `Username` by which LookupEvents finds an event: user name, role session name, federated name (aws-domain 5.2). */
export function lookupUserName({ type, userName, principalId }: UserIdentity): string | undefined {
  switch (type) {
    case 'IAMUser':
      return userName;
    case 'AssumedRole':
    case 'FederatedUser':
      return principalId?.split(':').at(-1);
    case 'AWSAccount':
    case 'AWSService':
      return undefined;
  }
}
