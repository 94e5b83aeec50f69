import { rootCredentialsName } from './measure-calls.js';
import { createDraft, type Planned, type PlanScope } from './planned.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';
import { addScpMeasures } from './scp-measures.js';

/**
 * What stops the root user (aws-domain 1.1). A member's: the SCP, which binds it, and, where people sign, the deletion of its
 * credentials through AssumeRoot. The management account's: only a person with the password can do anything.
 */
export function rootMeasures(snapshot: PrincipalSnapshot, scope: PlanScope): Planned {
  const draft = createDraft(scope);
  const { principal, tier } = scope;
  addScpMeasures(draft, { snapshot, scope });
  if (snapshot.scp === undefined || snapshot.scp.isManagement) {
    draft.guidance.push({ ...BY_HAND, commands: [...BY_HAND.commands] });
    draft.doesNotStop.push('everything: no policy binds the root user of this account');
    return draft;
  }
  // Deleted credentials do not come back, so this is never automatic.
  if (tier !== 'A0') draft.add('deleteRootCredentials', rootCredentialsName(principal.account));
  else draft.doesNotStop.push('signing in as root: the credentials are deleted only when people sign; the SCP denies every call meanwhile');
  return draft;
}

const BY_HAND = {
  title: 'Take the root user back by hand',
  why: 'no policy and no API of another principal limits the root user of a management or standalone account',
  commands: [
    'sign in as root, or reset the password through the root e-mail address',
    'Security credentials → Access keys → deactivate, then delete each',
    'change password and e-mail address’ password; assign a new MFA device and remove the others',
    'open a case with AWS Support (account and billing) when the sign-in is lost',
  ],
} as const;
