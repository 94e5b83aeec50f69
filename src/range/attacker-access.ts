import { heldBy, type Held, type HeldView } from './actors/held.js';
import type { Account } from './iam/account.js';
import { createReach, newSession, type Reach } from './attacker-reach.js';
import { livenessProblem } from './server/authenticate.js';
import { arnOfBearer } from './server/context.js';
import { findAssignment, type IdentityCenter } from './sso-admin/identity-center.js';
import { trusts } from './sts/trust.js';

/** What one way in could do at this moment. */
export type AttackerAccess = {
  /** The key id; for a role that the attacker may assume from his own account, the role's ARN; for a person's portal, her user name. */
  readonly credential: string;
  /**
   * `instance` is a session of a role that an instance of his got, and that outlives the instance; `portal` a stolen session of the
   * access portal, which gives new role sessions.
   */
  readonly kind: 'key' | 'session' | 'instance' | 'outsideTrust' | 'portal';
  /** The user, session or role it speaks for. */
  readonly principalArn: string;
  readonly alive: boolean;
  readonly why: string;
};

/** From where the attacker works, what he holds, and whose addresses are known to be somebody else's. */
export type AttackerView = HeldView & {
  readonly identityCenter: IdentityCenter | undefined;
  readonly at: number;
};

/**
 * The ground truth of a drill: every credential the attacker holds in any account and every role he can assume from outside,
 * and whether any wanted call would be allowed right now, by itself or after moving into a role.
 */
export function attackerAccess(view: AttackerView): AttackerAccess[] {
  const reach = createReach(view);
  return [
    ...heldBy(view).map((held) => heldAccess(held, { view, reach })),
    ...portalAccess(view, reach),
    ...view.accounts.flatMap((account) => outsideAccess(account, { view, reach })),
  ];
}

type Judging = { readonly view: AttackerView; readonly reach: Reach };

function heldAccess({ account, credential }: Held, { view, reach }: Judging): AttackerAccess {
  const { accessKeyId, bearer, session } = credential;
  const isInstance = session?.ec2RoleDelivery !== undefined;
  const kind = session === undefined ? 'key' : isInstance ? 'instance' : 'session';
  const base = { credential: accessKeyId, kind, principalArn: arnOfBearer(bearer) } as const;
  const problem = livenessProblem(credential, view.at);
  if (problem !== undefined) return { ...base, alive: false, why: `cannot authenticate: ${problem.code}` };
  const found = reach.of(account, credential);
  return { ...base, alive: found !== undefined, why: found ?? 'authenticates, but every wanted call is denied' };
}

/** Every role of an account that lets him in from his own account, judged by the session he would get. */
function outsideAccess(account: Account, { view, reach }: Judging): AttackerAccess[] {
  const { outsideKey } = view;
  const facts = { credential: outsideKey, at: view.at, sourceIp: view.ownAddress, region: 'us-east-1' };
  return account.roles
    .list()
    .filter((role) => reach.mayName(role, outsideKey) && trusts(account, role, facts))
    .map((role) => {
      const found = reach.of(account, newSession(role, { at: view.at, sessionName: 'outside' }));
      const why = found === undefined ? 'can be assumed, but every wanted call is denied' : `a new session is ${found}`;
      return { credential: role.arn, kind: 'outsideTrust', principalArn: role.arn, alive: found !== undefined, why };
    });
}

/** What the portal gives a thief who signs in again now, by the assignment that is there. */
function portalAccess({ identityCenter: center, holdings, at }: AttackerView, reach: Reach): AttackerAccess[] {
  const stolen = holdings.portal();
  if (center === undefined || stolen === undefined) return [];
  const { userName, accountId } = stolen;
  const user = center.users.find((one) => one.userName === userName);
  const permissionSet = center.permissionSets.find(({ name }) => name === stolen.permissionSet);
  const account = center.organization.account(accountId);
  const role = permissionSet?.provisioned.get(accountId)?.role;
  if (user === undefined || permissionSet === undefined || account === undefined || role === undefined) return [];
  const session = newSession(role, { at, sessionName: userName, identityStoreUserId: user.id });
  const isAssigned = findAssignment(center, { permissionSet, accountId, user }) !== undefined;
  const found = isAssigned ? reach.of(account, session) : undefined;
  const refusal = isAssigned ? 'gives a session, but every wanted call is denied' : 'gives no session';
  const why = found === undefined ? refusal : `a new session is ${found}`;
  return [{ credential: userName, kind: 'portal', principalArn: arnOfBearer(session.bearer), alive: found !== undefined, why }];
}
