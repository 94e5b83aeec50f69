import type { MeasureCall } from '../../contracts/plan.js';
import { addDenyLayers } from './deny-layers.js';
import { loginProfileName } from './measure-calls.js';
import { createDraft, type Planned, type PlanScope } from './planned.js';
import type { OtherCredential, PrincipalSnapshot } from './principal-snapshot.js';
import { addScpMeasures } from './scp-measures.js';

const OTHER_MEASURES: Readonly<Record<OtherCredential['kind'], MeasureCall['measure']>> = {
  serviceSpecific: 'deactivateServiceCredential',
  sshKey: 'deactivateSshKey',
  signingCertificate: 'deactivateSigningCertificate',
};

/**
 * Every call that stops an IAM user and the sessions it minted (aws-domain 1.1, 2.2: denies and keys at the same time). A key
 * that is already `Inactive` is in the plan too: the watch then notices when somebody activates it, and the undo leaves it
 * `Inactive`. A console password cannot be read back, so it is deleted only where a person consents anyway (design 9.2);
 * the denies stop the console without that.
 */
export function userMeasures(snapshot: PrincipalSnapshot, scope: PlanScope): Planned {
  const draft = createDraft(scope);
  const { doesNotStop } = draft;
  addScpMeasures(draft, { snapshot, scope });
  addDenyLayers(draft, { snapshot, scope });
  for (const key of snapshot.keys) draft.add('deactivateAccessKey', key.accessKeyId);
  for (const { kind, id } of snapshot.otherCredentials) draft.add(OTHER_MEASURES[kind], id);
  if (snapshot.consolePassword && scope.tier !== 'A0') draft.add('deleteLoginProfile', loginProfileName(scope.principal));

  doesNotStop.push('calls that AWS accepts within a few seconds, until the denies have spread (the watch looks for them)');
  if (snapshot.consolePassword && scope.tier === 'A0')
    doesNotStop.push('signing in with the console password, although every call after it is denied');
  doesNotStop.push('minting of session tokens while a key is still active: they are denied too, as long as the denies stand');
  if (draft.measures.some(({ measure }) => measure === 'quarantineByScp'))
    doesNotStop.push('by SCP: federated sessions of the user, which have an ARN of their own; the denies on the user stop them');
  doesNotStop.push('what the user made or became before this: users, roles and sessions are contained one by one as they are found');
  return draft;
}
