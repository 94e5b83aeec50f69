import { readFileSync } from 'node:fs';
import { packagePath } from '../../../src/config/paths.js';
import { contextOf } from '../../../src/range/policy/context.js';
import { parsePolicy, type PolicyDocument } from '../../../src/range/policy/document.js';
import { evaluate, type Decision } from '../../../src/range/policy/evaluate.js';
import { readTemplate, type TemplateContents } from '../../../src/range/scenario/cloudformation.js';

export const MEMBER = '111122223333';
export const HUB = '222233334444';
export const MANAGEMENT = '444455556666';
export const ORGANIZATION = 'o-acme123456';
export const EXTERNAL_ID = 'tourniquet-acme';

const ROOT = { OrganizationId: ORGANIZATION };
const IDS = { QuarantinePolicy1Id: 'p-tqquar01', QuarantinePolicy2Id: 'p-tqquar02' };
const DEPLOYMENTS = {
  spoke: { accountId: MEMBER, parameters: { ...ROOT, HubAccountId: HUB, ExternalId: EXTERNAL_ID } },
  hub: {
    accountId: HUB,
    parameters: {
      ...ROOT,
      ...IDS,
      ExternalId: EXTERNAL_ID,
      ManagementAccountId: MANAGEMENT,
      WorkerPrincipalArn: `arn:aws:iam::${HUB}:user/tourniquet-worker`,
    },
  },
  organization: {
    accountId: MANAGEMENT,
    parameters: { ...ROOT, HubAccountId: HUB, RootId: 'r-acme' },
    policyIds: { GuardPolicy: 'p-tqguard1', QuarantinePolicy1: IDS.QuarantinePolicy1Id, QuarantinePolicy2: IDS.QuarantinePolicy2Id },
  },
} as const;

/** One of our templates, deployed in the account above that it is for. */
export function deployed(name: keyof typeof DEPLOYMENTS): TemplateContents {
  return readTemplate(readFileSync(packagePath('src', 'deploy', 'aws', `${name}.yaml`), 'utf8'), DEPLOYMENTS[name]);
}

/** The managed policy of a template, as the range reads it. */
export function policyOf({ policies }: TemplateContents, name: string): PolicyDocument {
  return parsePolicy(JSON.stringify(policies.find((policy) => policy.name === name)?.document));
}

/** The SCP of a template, by logical id. */
export function scpOf({ scps }: TemplateContents, logicalId: string): PolicyDocument {
  return parsePolicy(JSON.stringify(scps.find((scp) => scp.logicalId === logicalId)?.document));
}

/** What a policy alone says about a call. */
export function decide(
  document: PolicyDocument,
  [action, resource, keys = {}]: readonly [string, string, Readonly<Record<string, string>>?],
): Decision['decision'] {
  const identity = [{ id: 'it', type: 'user-managed' as const, document }];
  return evaluate({ identity }, { action, resource, context: contextOf(keys) }).decision;
}
