import type {
  GetAccessKeyInfoRequest,
  GetAccessKeyInfoResponse,
  GetCallerIdentityResponse,
  GetFederationTokenRequest,
  GetFederationTokenResponse,
  GetSessionTokenRequest,
  GetSessionTokenResponse,
} from '@aws-sdk/client-sts';
import { AwsError, required, validationError } from '../aws-error.js';
import { accountIdOf, userIdOfBearer } from '../server/context.js';
import { operation, type Operations } from '../server/operation.js';
import { assumeRoleOperations } from './assume-role.js';
import { federatedOperations } from './assume-role-federated.js';
import { assumeRootOperations } from './assume-root.js';
import { credentialsShape, lifeOf, mint, sessionPoliciesOf } from './mint.js';

/** Life of a session that is not a role's, in seconds; root's is an hour at most (STS API reference, GetSessionToken). */
const LIFE_SECONDS = { min: 900, max: 129_600, default: 43_200 } as const;
const ROOT_LIFE_SECONDS = { min: 900, max: 3600, default: 3600 } as const;

/** The STS calls the range answers. */
export const stsOperations: Operations = {
  ...assumeRoleOperations,
  ...federatedOperations,
  ...assumeRootOperations,

  // No access rule: it succeeds under an explicit deny, so it proves nothing about containment (aws-domain 2.4, V3).
  GetCallerIdentity: operation<object, GetCallerIdentityResponse>({
    kind: 'read',
    run: (_input, call) => ({
      UserId: userIdOfBearer(call.caller.bearer),
      Account: accountIdOf(call.caller.bearer),
      Arn: call.callerArn,
    }),
  }),

  // No access rule: "You cannot use policies to control authentication operations" (STS API reference).
  GetSessionToken: operation<GetSessionTokenRequest, GetSessionTokenResponse>({
    kind: 'credentials',
    run: (input, call) => {
      const { bearer, session } = call.caller;
      const mayAsk = bearer.kind === 'user' || (bearer.kind === 'root' && session === undefined);
      if (!mayAsk) throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
      if (input.SerialNumber !== undefined || input.TokenCode !== undefined)
        throw new AwsError('AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code.', 403);
      const seconds = lifeOf(input.DurationSeconds, bearer.kind === 'root' ? ROOT_LIFE_SECONDS : LIFE_SECONDS);
      return { Credentials: credentialsShape(mint(call, { bearer, seconds, policies: undefined })) };
    },
  }),

  GetFederationToken: operation<GetFederationTokenRequest, GetFederationTokenResponse>({
    kind: 'credentials',
    access: ({ Name: name = '' }, call) => ({ resources: [`arn:aws:sts::${call.account.id}:federated-user/${name}`] }),
    run: (input, call) => {
      const { bearer } = call.caller;
      if (bearer.kind !== 'user') throw new AwsError('AccessDenied', 'Cannot call GetFederationToken with session credentials', 403);
      const name = required(input.Name, 'Name');
      // Without a session policy a federated session may do nothing.
      const minted = mint(call, {
        bearer: { kind: 'federated', user: bearer.user, name },
        seconds: lifeOf(input.DurationSeconds, LIFE_SECONDS),
        policies: sessionPoliciesOf(call.account, input) ?? [],
      });
      const id = `${call.account.id}:${name}`;
      return {
        Credentials: credentialsShape(minted),
        FederatedUser: { FederatedUserId: id, Arn: `arn:aws:sts::${call.account.id}:federated-user/${name}` },
      };
    },
  }),

  GetAccessKeyInfo: operation<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse>({
    kind: 'read',
    access: () => ({ resources: ['*'] }),
    run: (input, call) => {
      const id = required(input.AccessKeyId, 'AccessKeyId');
      const accounts = call.account.organization?.accounts() ?? [call.account];
      const [credential] = accounts.flatMap(({ credentials }) => credentials.find(id) ?? []);
      if (credential === undefined) throw validationError('The specified value for accessKeyId is invalid.');
      return { Account: accountIdOf(credential.bearer) };
    },
  }),
};
