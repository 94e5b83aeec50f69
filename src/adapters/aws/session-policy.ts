import { permanent } from '../../contracts/failures.js';
import { DENY_GROUP, QUARANTINE_POLICY_PATH } from '../../contracts/names.js';
import type { AccessScope } from '../../ports/aws-access.js';

/** Characters of a session policy (STS API reference, AssumeRole, `Policy`). */
const SESSION_POLICY_QUOTA = 2048;

type WritingRole = Exclude<AccessScope['role'], 'Reader'>;

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const READS: Readonly<Record<WritingRole, readonly string[]>> = {
  Responder: [
    'iam:Get*',
    'iam:List*',
    'iam:Simulate*',
    'sts:Get*',
    'cloudtrail:Lookup*',
    'ec2:Describe*',
    'lambda:Get*',
    'lambda:List*',
    'organizations:Describe*',
    'organizations:List*',
    'sso:Describe*',
    'sso:Get*',
    'sso:List*',
    'identitystore:*',
  ],
  Restorer: ['iam:Get*', 'iam:List*', 'ec2:Describe*', 'secretsmanager:Describe*', 'secretsmanager:List*'],
};

/** What a session without a target may write. Only the hub's Responder has these rights; their resources name no one principal. */
const ORGANIZATION_WRITES: Readonly<Record<WritingRole, readonly string[]>> = {
  Responder: ['organizations:UpdatePolicy', 'sso:*', 'sts:AssumeRoot'],
  Restorer: [],
};

/**
 * The session policy of a scope: what the role may do at most in this one session (aws-domain 10). It lets the reads through and
 * writes on the target alone; which ones, the role says. Without a target nothing in an account is written. Undefined for the
 * Reader, who has nothing to narrow.
 *
 * @throws InvalidPayload, permanent: the target is no ARN of a kind that is contained or removed.
 * @throws QuotaExceeded, permanent: the target's ARN is too long for a session policy. It is not widened.
 */
export function sessionPolicyFor({ role, target }: AccessScope): string | undefined {
  if (role === 'Reader') return undefined;
  const writes = target === undefined ? [allow(ORGANIZATION_WRITES[role], '*')] : writesOn(target.arn, role);
  const Statement = [allow(READS[role], '*'), ...writes].filter(({ Action }) => Action.length > 0);
  const policy = JSON.stringify({ Version: '2012-10-17', Statement });
  if (policy.length > SESSION_POLICY_QUOTA)
    throw permanent(
      'QuotaExceeded',
      `a session policy takes ${SESSION_POLICY_QUOTA} characters, the one for this target has ${policy.length}`,
    );
  return policy;
}

function writesOn(arn: string, role: WritingRole): Statement[] {
  const [prefix, partition = '', service, , account = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  const kind = resource.split('/')[0] ?? '';
  const own = (of: string, path: string): string => `arn:${partition}:${of}:${of === 'iam' ? '' : '*'}:${account}:${path}`;
  if (prefix !== 'arn' || !/^aws[a-z-]*$/.test(partition) || !/^(\d{12})?$/.test(account)) throw unknown();
  switch (`${service}:${kind}`) {
    case 'iam:user':
      return [allow(['iam:*'], literal(arn)), ...BESIDE[role].user(own)];
    case 'iam:role':
      return [allow(['iam:*'], literal(arn)), ...BESIDE[role].role(own)];
    case 'iam:policy':
      return [allow(['iam:*'], literal(arn)), allow(['iam:Detach*'], '*', { ArnEquals: { 'iam:PolicyARN': literal(arn) } })];
    case 'iam:root':
      return [allow(['sts:AssumeRoot'], literal(arn))];
    case 'ec2:instance':
      return [
        allow(['ec2:*'], literal(arn)),
        allow(['ec2:ModifyInstanceAttribute'], own('ec2', 'security-group/*')),
        ...BESIDE[role].instance(own),
      ];
    default:
      if (service === 'lambda' && resource.startsWith('function:')) return [allow(['lambda:*'], literal(arn))];
      throw unknown();
  }
}

type Own = (service: string, path: string) => string;

/** Writes that belong to a target but have another resource. IAM cannot tie those to the target, so they name a kind. */
const BESIDE: Readonly<Record<WritingRole, Readonly<Record<'user' | 'role' | 'instance', (own: Own) => Statement[]>>>> = {
  Responder: {
    user: (own) => [
      allow(['iam:AddUserToGroup', 'iam:RemoveUserFromGroup'], own('iam', `group${QUARANTINE_POLICY_PATH}${DENY_GROUP}`)),
      denyVersion(own),
    ],
    role: (own) => [
      denyVersion(own),
      allow(['lambda:*'], own('lambda', 'function:*')),
      allow(['ec2:*'], own('ec2', 'instance/*')),
      allow(['ec2:ModifyInstanceAttribute'], own('ec2', 'security-group/*')),
    ],
    // Putting a profile back hands its role to the instance; which one only the recorded profile tells.
    instance: (own) => [allow(['iam:PassRole'], own('iam', 'role/*'))],
  },
  Restorer: {
    user: (own) => [
      allow(['iam:RemoveUserFromGroup'], own('iam', 'group/*')),
      allow(['iam:DeleteVirtualMFADevice'], own('iam', 'mfa/*')),
      allow(['secretsmanager:*'], own('secretsmanager', 'secret:tourniquet/*')),
    ],
    role: (own) => [allow(['iam:RemoveRoleFromInstanceProfile', 'iam:DeleteInstanceProfile'], own('iam', 'instance-profile/*'))],
    instance: () => [],
  },
};

/** The deny version of a policy that only the target has; to name the policy, make it the target. */
function denyVersion(own: Own): Statement {
  return allow(['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'], own('iam', 'policy/*'));
}

function allow(Action: readonly string[], Resource: string, Condition?: Statement['Condition']): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

/**
 * The ARN and nothing else: a path may hold `*`, `?` and `$`, and an intruder chooses the paths of what he makes
 * (IAM user guide, "IAM policy elements: variables and tags", special characters).
 */
function literal(arn: string): string {
  return arn.replaceAll(/[*?$]/g, (character) => `\${${character}}`);
}

function unknown(): Error {
  return permanent('InvalidPayload', 'the target of a session is an ARN of a user, role, policy, root, instance or function');
}
