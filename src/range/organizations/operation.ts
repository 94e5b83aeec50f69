import { AwsError } from '../aws-error.js';
import type { Stamp } from '../facets/facet.js';
import { pageOf } from '../iam/paging.js';
import { parsePolicy } from '../policy/document.js';
import { policyMatches, type AccessRequest } from '../policy/evaluate.js';
import type { Call } from '../server/call.js';
import { requestContext } from '../server/context.js';
import { operation, type Access, type Operation } from '../server/operation.js';
import { principalNames } from '../server/principal-names.js';
import { accessDenied } from './errors.js';
import type { Organization } from './organization.js';

/** One call of Organizations. */
export interface OrganizationsSpec<Input, Output> {
  /** The call's name. */
  readonly name: string;
  readonly kind: 'read' | 'write';
  /** Whether every account of the organization may call it (Organizations API reference: DescribeOrganization). */
  readonly isForMembers?: true;
  /** ARNs the call touches; absent: `*`. */
  on?(input: Input, organization: Organization): readonly string[];
  run(input: Input, organization: Organization, call: Call): Output;
}

/**
 * Registers a call that the management account may make, and other accounts as far as the organization's resource policy
 * lets them. Both need it in their own policies too.
 */
export function organizationsOperation<Input extends object, Output extends object>(spec: OrganizationsSpec<Input, Output>): Operation {
  return operation<Input, Output>({
    kind: spec.kind,
    access: (input, call) => {
      const organization = organizationOf(call);
      const access = {
        resources: spec.on?.(input, organization) ?? ['*'],
        context: { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY' },
      };
      const isOwn = call.account.id === organization.managementAccountId || spec.isForMembers === true;
      if (!isOwn && !isDelegated(organization, { call, action: `organizations:${spec.name}`, access })) throw accessDenied();
      return access;
    },
    run: (input, call) => spec.run(input, organizationOf(call), call),
  });
}

/** The stamp of a change to the organization. */
export function changeOf({ propagation }: Organization, { caller }: Call): Stamp {
  return propagation.change(caller.accessKeyId);
}

/** Pages of Organizations hold at most 20 (Organizations API reference, MaxResults). */
const LARGEST_PAGE = 20;

/** Cuts one page out of a list. @throws AwsError ValidationError */
export function paged<T>(
  items: readonly T[],
  { NextToken, MaxResults = LARGEST_PAGE }: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
): { page: T[]; token: { NextToken?: string } } {
  const { page, paging } = pageOf(items, { Marker: NextToken, MaxItems: Math.min(MaxResults, LARGEST_PAGE) });
  return { page, token: paging.Marker === undefined ? {} : { NextToken: paging.Marker } };
}

function organizationOf({ account }: Call): Organization {
  if (account.organization !== undefined) return account.organization;
  throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
}

/** Whether the resource policy, as enforced now, lets this caller do it on every resource. */
function isDelegated({ resourcePolicy }: Organization, { call, action, access }: { call: Call; action: string; access: Access }): boolean {
  const text = resourcePolicy.effective(call.at);
  if (text === undefined) return false;
  const names = principalNames(call.caller.bearer);
  const statements = parsePolicy(text, 'resource').statements.filter(({ principals }) => principals?.some((one) => names.includes(one)));
  const { at, sourceIp, region } = call;
  const context = requestContext(call.account, call.caller, { at, sourceIp, region, own: access.context ?? {} });
  return access.resources.every((resource) => {
    const request: AccessRequest = { action, resource, context };
    return policyMatches({ statements }, 'Allow', request) && !policyMatches({ statements }, 'Deny', request);
  });
}
