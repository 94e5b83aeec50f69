import type { Stamp } from '../facets/facet.js';
import type { Account } from '../iam/account.js';
import type { Role } from '../iam/model.js';
import type { Random } from '../random/random.js';
import type { PermissionSet } from './identity-center.js';

const PATH = '/aws-reserved/sso.amazonaws.com/';
const AUDIENCE = 'https://signin.aws.amazon.com/saml';

/** The name under which a permission set's inline policy stands in its roles. */
const INLINE_NAME = 'AwsSSOInlinePolicy';

/** Sessions of these roles may be as long as any permission set says. */
const MAX_SESSION_SECONDS = 43_200;

const HEX = '0123456789abcdef';

/** What making a role depends on. */
export interface ReservedRoleDeps {
  readonly account: Account;
  readonly random: Random;
}

/**
 * Copies a permission set into an account: into its reserved role there, or into a new one. IAM lets nobody else change such a role.
 *
 * @throws Error for a managed policy that the account does not have
 */
export function provision({ account, random }: ReservedRoleDeps, permissionSet: PermissionSet, stamp: Stamp): void {
  const role = permissionSet.provisioned.get(account.id)?.role ?? newRole({ account, random }, permissionSet, stamp);
  for (const arn of permissionSet.managedPolicyArns) {
    const policy = account.findPolicy(arn);
    if (policy === undefined) throw new Error(`the permission set ${permissionSet.name} has the unknown policy ${arn}`);
    if (role.attached.get(arn) === undefined) role.attached.set(arn, policy.name, stamp);
  }
  const { inlinePolicy } = permissionSet;
  const before = role.inline.get(INLINE_NAME);
  if (inlinePolicy === undefined && before !== undefined) role.inline.remove(INLINE_NAME, stamp);
  if (inlinePolicy !== undefined && inlinePolicy !== before) role.inline.set(INLINE_NAME, inlinePolicy, stamp);
  permissionSet.provisioned.set(account.id, { role, version: permissionSet.version });
}

/** Takes a permission set out of an account: the role goes, and with it what its live sessions could do. */
export function deprovision({ account }: Pick<ReservedRoleDeps, 'account'>, permissionSet: PermissionSet, stamp: Stamp): void {
  permissionSet.provisioned.get(account.id)?.role.exists.set(false, stamp);
  permissionSet.provisioned.delete(account.id);
}

/** The SAML provider through which Identity Center signs people in to an account; one for each. */
export function identityCenterProviderOf(account: Account): string | undefined {
  return account.samlProviders
    .seen()
    .map(([arn]) => arn)
    .find((arn) => /:saml-provider\/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$/.test(arn));
}

function newRole({ account, random }: ReservedRoleDeps, { name, description }: PermissionSet, stamp: Stamp): Role {
  return account.addRole({
    name: `AWSReservedSSO_${name}_${random.text(HEX, 16)}`,
    path: PATH,
    description,
    maxSessionSeconds: MAX_SESSION_SECONDS,
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: identityCenterProviderOf(account) ?? addProvider({ account, random }, stamp) },
          Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
          Condition: { StringEquals: { 'SAML:aud': AUDIENCE } },
        },
      ],
    }),
  });
}

function addProvider({ account, random }: ReservedRoleDeps, stamp: Stamp): string {
  const name = `AWSSSO_${random.text(HEX, 16)}_DO_NOT_DELETE`;
  const arn = `arn:aws:iam::${account.id}:saml-provider/${name}`;
  account.samlProviders.set(arn, { arn, name, createdAt: stamp.writtenAt }, stamp);
  return arn;
}
