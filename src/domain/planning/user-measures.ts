import { QUARANTINE_POLICY_PATH, QUARANTINE_PREFIX } from '../../contracts/names.js';
import type { MeasureCall } from '../../contracts/plan.js';
import type { Principal } from '../../contracts/principal.js';
import { DENY_ALL_BOUNDARY_NAME, DENY_ALL_DOCUMENT } from './documents.js';
import type { UserSnapshot } from './user-snapshot.js';

/** Attached managed policies per user: quota 10 by default, 20 at most (IAM quotas). */
const ATTACHED_QUOTA = 10;
/** Inline policy characters per user, white space not counted (IAM quotas). */
const INLINE_QUOTA = 2048;

/** `arn:aws:iam::<account>:policy/ir/IRQuarantine`, in the principal's partition. */
export function quarantinePolicyArn(principal: Pick<Principal, 'account' | 'arn'>): string {
  return `arn:${partitionOf(principal)}:iam::${principal.account}:policy${QUARANTINE_POLICY_PATH}${QUARANTINE_PREFIX}`;
}

/** `arn:aws:iam::aws:policy/AWSDenyAll`, in the principal's partition. */
export function denyAllBoundaryArn(principal: Pick<Principal, 'arn'>): string {
  return `arn:${partitionOf(principal)}:iam::aws:${DENY_ALL_BOUNDARY_NAME}`;
}

/** The inline deny's name: carries the incident, so that it is found and put again under the same name. */
export function inlineDenyName(incidentId: string): string {
  return `${QUARANTINE_PREFIX}-${incidentId}`;
}

/**
 * Every call that stops an IAM user and the sessions it minted (aws-domain 1.1, 2.2 for an account without
 * the SCP guard: denies and keys at the same time). A key that is already `Inactive` is in the plan too: the
 * watch then notices when somebody activates it, and the undo leaves it `Inactive`.
 */
export function userMeasures(
  snapshot: UserSnapshot,
  scope: { principal: Principal; incidentId: string },
): { measures: MeasureCall[]; doesNotStop: string[] } {
  const { principal, incidentId } = scope;
  const doesNotStop: string[] = [];
  const measures: MeasureCall[] = [];
  const quarantineArn = quarantinePolicyArn(principal);
  const attached = snapshot.attachedPolicyArns.filter((arn) => arn !== quarantineArn).length;

  if (snapshot.quarantinePolicy !== 'present')
    doesNotStop.push(`managed layer left out: ${quarantineArn} is ${snapshot.quarantinePolicy}; tourniquet doctor tells how to make it`);
  else if (attached >= ATTACHED_QUOTA)
    doesNotStop.push(`managed layer left out: the user has ${attached} of ${ATTACHED_QUOTA} attached policies`);
  else measures.push(attachQuarantinePolicyCall(principal));

  const inline = snapshot.inlinePolicies.filter((policy) => policy.name !== inlineDenyName(incidentId));
  const inlineChars = inline.reduce((sum, policy) => sum + policy.document.replaceAll(/\s/g, '').length, 0);
  if (inlineChars + DENY_ALL_DOCUMENT.length > INLINE_QUOTA)
    doesNotStop.push(`inline layer left out: ${inlineChars} of ${INLINE_QUOTA} characters are used`);
  else measures.push(denyUserCall(principal, incidentId));

  measures.push(putBoundaryCall(principal));
  for (const key of snapshot.keys) measures.push(deactivateAccessKeyCall(principal, key.accessKeyId));

  doesNotStop.push('calls that AWS accepts within a few seconds, until the denies have spread (the watch looks for them)');
  if (snapshot.consolePassword) doesNotStop.push('signing in with the console password, although every call after it is denied');
  doesNotStop.push('minting of session tokens while a key is still active: they are denied too, as long as the denies stand');
  return { measures, doesNotStop };
}

/** The planner's and the writer's only source of calls: what is not made here is never made. */
export function measureCallFor(
  call: Pick<MeasureCall, 'measure' | 'target'>,
  scope: { principal: Principal; incidentId: string },
): MeasureCall {
  switch (call.measure) {
    case 'attachQuarantinePolicy':
      return attachQuarantinePolicyCall(scope.principal);
    case 'denyUser':
      return denyUserCall(scope.principal, scope.incidentId);
    case 'putBoundary':
      return putBoundaryCall(scope.principal);
    case 'deactivateAccessKey':
      return deactivateAccessKeyCall(scope.principal, call.target);
  }
}

function attachQuarantinePolicyCall(principal: Principal): MeasureCall {
  const target = quarantinePolicyArn(principal);
  return {
    measure: 'attachQuarantinePolicy',
    target,
    calls: [{ api: 'iam:AttachUserPolicy', params: { UserName: principal.name, PolicyArn: target } }],
    reversible: 'exact',
    layer: 'deny',
  };
}

function denyUserCall(principal: Principal, incidentId: string): MeasureCall {
  const target = inlineDenyName(incidentId);
  return {
    measure: 'denyUser',
    target,
    calls: [{ api: 'iam:PutUserPolicy', params: { UserName: principal.name, PolicyName: target, PolicyDocument: DENY_ALL_DOCUMENT } }],
    reversible: 'exact',
    layer: 'deny',
  };
}

function putBoundaryCall(principal: Principal): MeasureCall {
  const target = denyAllBoundaryArn(principal);
  return {
    measure: 'putBoundary',
    target,
    calls: [{ api: 'iam:PutUserPermissionsBoundary', params: { UserName: principal.name, PermissionsBoundary: target } }],
    reversible: 'exact',
    layer: 'deny',
  };
}

function deactivateAccessKeyCall(principal: Principal, accessKeyId: string): MeasureCall {
  return {
    measure: 'deactivateAccessKey',
    target: accessKeyId,
    calls: [{ api: 'iam:UpdateAccessKey', params: { UserName: principal.name, AccessKeyId: accessKeyId, Status: 'Inactive' } }],
    reversible: 'exact',
    layer: 'credential',
  };
}

function partitionOf({ arn }: Pick<Principal, 'arn'>): string {
  return arn.split(':')[1] ?? 'aws';
}
