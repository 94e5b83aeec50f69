import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetAccessKeyInfoRequest,
  GetAccessKeyInfoResponse,
  GetCallerIdentityResponse,
  GetFederationTokenRequest,
  GetFederationTokenResponse,
  GetSessionTokenRequest,
  GetSessionTokenResponse,
} from '@aws-sdk/client-sts';
import { AwsError, required, validationError } from '../aws-error.js';
import type { Bearer } from '../iam/credentials.js';
import { accountIdOf, userIdOfBearer } from '../server/context.js';
import { operation, type Operations } from '../server/operation.js';
import { credentialsShape, lifeOf, longestSession, mint, sessionPoliciesOf, sourceIdentityOf } from './mint.js';
import { roleToAssume } from './trust.js';

/** Life of an STS session in seconds, by call (STS API reference). */
const LIFE_SECONDS = {
  session: { min: 900, max: 129_600, default: 43_200 },
  assumed: { min: 900, max: 43_200, default: 3600 },
} as const;

/** The STS calls the range answers. */
export const stsOperations: Operations = {
  // No access rule: it succeeds under an explicit deny, so it proves nothing about containment (aws-domain 2.4, V3).
  GetCallerIdentity: operation<object, GetCallerIdentityResponse>({
    kind: 'read',
    run: (_input, call) => ({
      UserId: userIdOfBearer(call.account, call.caller.bearer),
      Account: accountIdOf(call.account, call.caller.bearer),
      Arn: call.callerArn,
    }),
  }),

  // No access rule: "You cannot use policies to control authentication operations" (STS API reference).
  GetSessionToken: operation<GetSessionTokenRequest, GetSessionTokenResponse>({
    kind: 'credentials',
    run: (input, call) => {
      const { bearer } = call.caller;
      if (bearer.kind !== 'user') throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
      if (input.SerialNumber !== undefined || input.TokenCode !== undefined)
        throw new AwsError('AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code.', 403);
      return {
        Credentials: credentialsShape(
          mint(call, { bearer, seconds: lifeOf(input.DurationSeconds, LIFE_SECONDS.session), policies: undefined }),
        ),
      };
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
        seconds: lifeOf(input.DurationSeconds, LIFE_SECONDS.session),
        policies: sessionPoliciesOf(call, input) ?? [],
      });
      const id = `${call.account.id}:${name}`;
      return {
        Credentials: credentialsShape(minted),
        FederatedUser: { FederatedUserId: id, Arn: `arn:aws:sts::${call.account.id}:federated-user/${name}` },
      };
    },
  }),

  AssumeRole: operation<AssumeRoleRequest, AssumeRoleResponse>({
    kind: 'credentials',
    access: ({ RoleArn: arn = '*' }) => ({ resources: [arn] }),
    run: (input, call) => {
      const sessionName = required(input.RoleSessionName, 'RoleSessionName');
      if (!/^[\w+=,.@-]{2,64}$/.test(sessionName))
        throw validationError(`1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint`);
      const role = roleToAssume(call, { roleArn: required(input.RoleArn, 'RoleArn'), externalId: input.ExternalId });
      const sourceIdentity = sourceIdentityOf(call, input.SourceIdentity);
      const seconds = lifeOf(input.DurationSeconds, { ...LIFE_SECONDS.assumed, max: longestSession(call, role) });
      const bearer: Bearer = { kind: 'role', role, sessionName };
      const minted = mint(call, { bearer, seconds, policies: sessionPoliciesOf(call, input), sourceIdentity });
      return {
        Credentials: credentialsShape(minted),
        ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
        AssumedRoleUser: {
          AssumedRoleId: `${role.id}:${sessionName}`,
          Arn: `arn:aws:sts::${call.account.id}:assumed-role/${role.name}/${sessionName}`,
        },
      };
    },
  }),

  GetAccessKeyInfo: operation<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse>({
    kind: 'read',
    access: () => ({ resources: ['*'] }),
    run: (input, call) => {
      const id = required(input.AccessKeyId, 'AccessKeyId');
      if (call.account.credentials.find(id) === undefined) throw validationError('The specified value for accessKeyId is invalid.');
      return { Account: call.account.id };
    },
  }),
};
