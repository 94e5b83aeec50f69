import type {
  AssumeRoleWithSAMLRequest,
  AssumeRoleWithSAMLResponse,
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
} from '@aws-sdk/client-sts';
import { AwsError, required } from '../aws-error.js';
import { readAssertion, type Assertion } from '../federation/identity-provider.js';
import type { Credential } from '../iam/credentials.js';
import type { Role } from '../iam/model.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { assumedRoleAnswer, lifeOf, mint, ROLE_SESSION_SECONDS, sessionPoliciesOf } from './mint.js';
import { findRole, trusts } from './trust.js';

/** Where a SAML assertion for AWS is addressed to (IAM user guide, "SAML-based federation"). */
const SAML_AUDIENCE = 'https://signin.aws.amazon.com/saml';

/** The two calls that nobody signs: the assertion of an identity provider that the account knows says who asks. */
export const federatedOperations: Operations = {
  AssumeRoleWithSAML: operation<AssumeRoleWithSAMLRequest, AssumeRoleWithSAMLResponse>({
    kind: 'credentials',
    run: (input, call) => {
      const assertion = readAssertion(required(input.SAMLAssertion, 'SAMLAssertion'));
      const provider = call.account.samlProviders.enforced(assertion.provider, call.at);
      if (provider === undefined || input.PrincipalArn !== assertion.provider)
        throw new AwsError('InvalidIdentityToken', "Specified provider doesn't exist");
      const own = { 'SAML:aud': SAML_AUDIENCE, 'SAML:sub': assertion.subject, 'SAML:sub_type': 'persistent' };
      const role = roleFor(call, { ...input, action: 'sts:AssumeRoleWithSAML', own, assertion });
      const minted = mintFor(call, { role, input, sessionName: assertion.subject });
      return {
        ...assumedRoleAnswer(minted, { role, sessionName: assertion.subject }),
        Subject: assertion.subject,
        SubjectType: 'persistent',
        Issuer: `https://${provider.name}.example.com`,
        Audience: SAML_AUDIENCE,
        NameQualifier: provider.name,
      };
    },
    // The assertion itself is left out; its id stands for it.
    recordAs: ({ RoleArn, PrincipalArn, DurationSeconds, SAMLAssertion = '' }, _output, call) => ({
      request: {
        sAMLAssertionID: `_${call.random.uuid()}`,
        roleSessionName: readAssertion(SAMLAssertion).subject,
        ...(DurationSeconds === undefined ? {} : { durationSeconds: DurationSeconds }),
        roleArn: RoleArn,
        principalArn: PrincipalArn,
      },
    }),
  }),

  AssumeRoleWithWebIdentity: operation<AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse>({
    kind: 'credentials',
    run: (input, call) => {
      const assertion = readAssertion(required(input.WebIdentityToken, 'WebIdentityToken'));
      const sessionName = required(input.RoleSessionName, 'RoleSessionName');
      const provider = call.account.oidcProviders.enforced(assertion.provider, call.at);
      if (provider === undefined)
        throw new AwsError('InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${assertion.provider}`);
      const own = { [`${provider.name}:sub`]: assertion.subject, [`${provider.name}:aud`]: assertion.audience };
      const role = roleFor(call, { ...input, action: 'sts:AssumeRoleWithWebIdentity', own, assertion });
      const minted = mintFor(call, { role, input, sessionName });
      return {
        ...assumedRoleAnswer(minted, { role, sessionName }),
        SubjectFromWebIdentityToken: assertion.subject,
        Provider: provider.arn,
        Audience: assertion.audience,
      };
    },
    recordAs: ({ RoleArn, RoleSessionName, DurationSeconds }) => ({
      request: {
        roleArn: RoleArn,
        roleSessionName: RoleSessionName,
        ...(DurationSeconds === undefined ? {} : { durationSeconds: DurationSeconds }),
      },
    }),
  }),
};

type Wanted = {
  readonly RoleArn: string | undefined;
  readonly action: string;
  readonly own: Readonly<Record<string, string>>;
  readonly assertion: Assertion;
};

/** @throws AwsError AccessDenied, also when there is no such role */
function roleFor(call: Call, { RoleArn, action, own, assertion }: Wanted): Role {
  const { caller, at, sourceIp, region, account } = call;
  const role = findRole(account, RoleArn)?.role;
  const isOffered = assertion.roles === undefined || assertion.roles.includes(RoleArn ?? '');
  if (role !== undefined && isOffered && trusts(account, role, { credential: caller, action, at, sourceIp, region, own })) return role;
  throw new AwsError('AccessDenied', `Not authorized to perform ${action}`, 403);
}

type FederatedInput = Pick<AssumeRoleWithSAMLRequest, 'DurationSeconds' | 'Policy' | 'PolicyArns'>;

function mintFor(call: Call, { role, input, sessionName }: { role: Role; input: FederatedInput; sessionName: string }): Credential {
  const seconds = lifeOf(input.DurationSeconds, { ...ROLE_SESSION_SECONDS, max: role.maxSessionSeconds });
  const policies = sessionPoliciesOf(call.account, input);
  return mint(call, { bearer: { kind: 'role', role, sessionName }, seconds, policies });
}
