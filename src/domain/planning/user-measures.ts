import type { MeasureCall } from '../../contracts/plan.js';
import type { Principal } from '../../contracts/principal.js';
import type { Tier } from '../../contracts/primitives.js';
import { DENY_ALL_DOCUMENT } from './documents.js';
import { denyAllBoundaryArn, inlineDenyName, loginProfileName, measureCallFor, quarantinePolicyArn } from './measure-calls.js';
import type { OtherCredential, PrincipalSnapshot } from './principal-snapshot.js';

/** Attached managed policies per user: quota 10 by default, 20 at most (IAM quotas). */
const ATTACHED_QUOTA = 10;
/** Inline policy characters per user, white space not counted (IAM quotas). */
const INLINE_QUOTA = 2048;

const OTHER_MEASURES: Readonly<Record<OtherCredential['kind'], MeasureCall['measure']>> = {
  serviceSpecific: 'deactivateServiceCredential',
  sshKey: 'deactivateSshKey',
  signingCertificate: 'deactivateSigningCertificate',
};

/**
 * Every call that stops an IAM user and the sessions it minted (aws-domain 1.1, 2.2 for an account without
 * the SCP guard: denies and keys at the same time). A key that is already `Inactive` is in the plan too: the
 * watch then notices when somebody activates it, and the undo leaves it `Inactive`. A console password cannot be read
 * back, so it is deleted only where a person consents anyway (design 9.2); the denies stop the console without that.
 */
export function userMeasures(
  snapshot: PrincipalSnapshot,
  scope: { principal: Principal; incidentId: string; tier: Tier },
): { measures: MeasureCall[]; doesNotStop: string[] } {
  const { principal, incidentId } = scope;
  const doesNotStop: string[] = [];
  const measures: MeasureCall[] = [];
  const add = (measure: MeasureCall['measure'], target: string): void => void measures.push(measureCallFor({ measure, target }, scope));
  const quarantineArn = quarantinePolicyArn(principal);
  const attached = snapshot.attachedPolicyArns.filter((arn) => arn !== quarantineArn).length;

  if (snapshot.quarantinePolicy !== 'present')
    doesNotStop.push(`managed layer left out: ${quarantineArn} is ${snapshot.quarantinePolicy}; tourniquet doctor tells how to make it`);
  else if (attached >= ATTACHED_QUOTA)
    doesNotStop.push(`managed layer left out: the user has ${attached} of ${ATTACHED_QUOTA} attached policies`);
  else add('attachQuarantinePolicy', quarantineArn);

  const inline = snapshot.inlinePolicies.filter((policy) => policy.name !== inlineDenyName(incidentId));
  const inlineChars = inline.reduce((sum, policy) => sum + policy.document.replaceAll(/\s/g, '').length, 0);
  if (inlineChars + DENY_ALL_DOCUMENT.length > INLINE_QUOTA)
    doesNotStop.push(`inline layer left out: ${inlineChars} of ${INLINE_QUOTA} characters are used`);
  else add('denyUser', inlineDenyName(incidentId));

  add('putBoundary', denyAllBoundaryArn(principal));
  for (const key of snapshot.keys) add('deactivateAccessKey', key.accessKeyId);
  for (const { kind, id } of snapshot.otherCredentials) add(OTHER_MEASURES[kind], id);
  if (snapshot.consolePassword && scope.tier !== 'A0') add('deleteLoginProfile', loginProfileName(principal));

  doesNotStop.push('calls that AWS accepts within a few seconds, until the denies have spread (the watch looks for them)');
  if (snapshot.consolePassword && scope.tier === 'A0')
    doesNotStop.push('signing in with the console password, although every call after it is denied');
  doesNotStop.push('minting of session tokens while a key is still active: they are denied too, as long as the denies stand');
  return { measures, doesNotStop };
}
