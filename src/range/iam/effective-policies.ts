import type { NamedPolicy, PolicySet } from '../policy/evaluate.js';
import { parsePolicy, type PolicyDocument } from '../policy/document.js';
import type { Account } from './account.js';
import { principalOf, type Bearer } from './credentials.js';
import type { Group, PolicyHolder, Role, User } from './model.js';
import { documentOf } from './policy-versions.js';

/** When the policies are looked at: as enforced at a time, or as configured. */
export type Moment = { readonly enforcedAt: number } | 'configured';

const parsed = new Map<string, PolicyDocument>();

/** Reads a stored document, each text once; every stored document was checked when it was put. */
export function readStored(text: string): PolicyDocument {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const document = parsePolicy(text);
  parsed.set(text, document);
  return document;
}

/** All policies that apply to a user, role or group, in one moment. */
export function policiesOf(account: Account, { principal, moment }: { principal: User | Role | Group; moment: Moment }): PolicySet {
  const own = holderPolicies(account, { holder: principal, moment });
  switch (principal.kind) {
    case 'group':
      return { identity: own };
    case 'role':
      return { identity: own, ...boundaryOf(account, { principal, moment }) };
    case 'user': {
      const memberships = moment === 'configured' ? principal.groups.seen() : principal.groups.effective(moment.enforcedAt);
      const groups = memberships.flatMap(([name]) => account.groups.find(name) ?? []);
      const inherited = groups.flatMap((group) => holderPolicies(account, { holder: group, moment }));
      return { identity: [...own, ...inherited], ...boundaryOf(account, { principal, moment }) };
    }
  }
}

/** Nobody grants root its rights, and only SCPs and session policies take them away (IAM user guide, "AWS account root user"). */
const ROOT: NamedPolicy = {
  id: 'root',
  type: 'user',
  document: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })),
};

/** All policies that apply to a credential's bearer now, with the policies its session was minted with. */
export function policiesOfBearer(
  account: Account,
  { bearer, sessionPolicies, moment }: { bearer: Bearer; sessionPolicies: readonly string[] | undefined; moment: Moment },
): PolicySet {
  const principal = principalOf(bearer);
  if (principal === undefined && bearer.kind !== 'root') return { identity: [] };
  const own = principal === undefined ? { identity: [ROOT] } : policiesOf(account, { principal, moment });
  const policies = { ...own, ...scpsOf(account, { principal, moment }) };
  if (sessionPolicies === undefined) return policies;
  return {
    ...policies,
    session: sessionPolicies.map((text, index) => ({ id: `session-policy-${index + 1}`, type: 'user', document: readStored(text) })),
  };
}

/** The SCPs of the account, unless they do not bind the principal: service-linked roles (Organizations user guide, "SCP effects on permissions"). */
export function scpsOf(
  account: Account,
  { principal, moment }: { principal: User | Role | Group | undefined; moment: Moment },
): Pick<PolicySet, 'scp'> {
  if (principal?.kind === 'role' && principal.path.startsWith('/aws-service-role/')) return {};
  const scp = account.organization?.scpLevels(account.id, moment);
  return scp === undefined ? {} : { scp };
}

function holderPolicies(
  account: Account,
  { holder, moment }: { holder: PolicyHolder & { kind: 'user' | 'role' | 'group' }; moment: Moment },
): NamedPolicy[] {
  const inline = moment === 'configured' ? holder.inline.seen() : holder.inline.effective(moment.enforcedAt);
  const attached = moment === 'configured' ? holder.attached.seen() : holder.attached.effective(moment.enforcedAt);
  return [
    ...inline.map(([name, text]): NamedPolicy => ({
      id: `${holder.kind}_${holder.name}_${name}`,
      type: holder.kind,
      document: readStored(text),
    })),
    ...attached.flatMap(([arn]) => managed(account, { arn, moment })),
  ];
}

function boundaryOf(account: Account, { principal, moment }: { principal: User | Role; moment: Moment }): Pick<PolicySet, 'boundary'> {
  const arn = moment === 'configured' ? principal.boundary.latest() : principal.boundary.effective(moment.enforcedAt);
  // A boundary whose policy is gone allows nothing, as in IAM.
  return arn === undefined ? {} : { boundary: managed(account, { arn, moment }) };
}

function managed(account: Account, { arn, moment }: { arn: string; moment: Moment }): NamedPolicy[] {
  const policy = account.findPolicy(arn);
  if (policy === undefined) return [];
  return [
    {
      id: policy.name,
      type: policy.isAwsManaged ? 'aws-managed' : 'user-managed',
      document: readStored(documentOf(policy, moment === 'configured' ? 'latest' : moment)),
    },
  ];
}
