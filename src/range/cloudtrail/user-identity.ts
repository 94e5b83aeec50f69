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
        },
      };
    }
  }
}

/** The `Username` by which LookupEvents finds an event: user name, role session name, federated name (aws-domain 5.2). */
export function lookupUserName({ type, userName, principalId }: UserIdentity): string {
  return type === 'IAMUser' ? (userName ?? '') : (principalId.split(':').at(-1) ?? '');
}
