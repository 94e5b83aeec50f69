import {
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import type { Arsenal, Principal } from './arsenal.js';
import type { Belongings } from './belongings.js';
import type { Attempt, Stage } from './stage.js';
import { EVERYTHING } from './thefts.js';

/** The inline policy by which a persister keeps its rights (OffensAI/notyet). */
export const OWN_POLICY = 'notyet-admin';

/** A boundary that bounds nothing. */
const PERMISSIVE = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Where a principal is stripped. */
export type Stripping = { readonly arsenal: Arsenal; readonly stage: Stage; readonly principal: Principal };

type Act = { readonly text: string; readonly run: () => Promise<Attempt<unknown>> };

/** Takes away what was not there before, switches its own keys on again and puts its own policy back; all of it at once. */
export async function strip(at: Stripping, { before, now }: { before: Belongings; now: Belongings }): Promise<void> {
  const { stage } = at;
  const acts = [
    ...newOnes(before.inline, now.inline).flatMap((name) => (name === OWN_POLICY ? [] : [deletion(at, name)])),
    ...newOnes(before.attached, now.attached).map((arn) => detachment(at, arn)),
    ...newOnes(before.groups, now.groups).map((group) => removal(at, group)),
    ...(now.boundary === undefined || now.boundary === before.boundary || now.boundary === PERMISSIVE ? [] : [unbounding(at)]),
    ...now.inactiveKeys.filter((id) => at.arsenal.holds(id)).map((id) => reactivation(at, id)),
    ...(before.inline.includes(OWN_POLICY) && !now.inline.includes(OWN_POLICY) ? [restoration(at)] : []),
  ];
  if (acts.length === 0) return;
  await stage.together(
    acts.map(({ text, run }) => async () => {
      const done = await run();
      stage.say(done.allowed ? text : `${text}: refused (${done.errorCode})`);
    }),
  );
}

/** Gives the principal its own inline policy with all rights. */
export async function putOwnPolicy({ arsenal, stage, principal: { kind, name } }: Stripping): Promise<Attempt<unknown>> {
  const policy = { PolicyName: OWN_POLICY, PolicyDocument: EVERYTHING };
  return arsenal.byIam<unknown>(stage, (iam) =>
    kind === 'user'
      ? iam.send(new PutUserPolicyCommand({ UserName: name, ...policy }))
      : iam.send(new PutRolePolicyCommand({ RoleName: name, ...policy })),
  );
}

function newOnes(before: readonly string[], now: readonly string[]): string[] {
  return now.filter((one) => !before.includes(one));
}

function restoration(at: Stripping): Act {
  return { text: `puts ${OWN_POLICY} back on ${at.principal.name}`, run: () => putOwnPolicy(at) };
}

function deletion({ arsenal, stage, principal: { kind, name } }: Stripping, PolicyName: string): Act {
  return {
    text: `deletes the inline policy ${PolicyName} of ${name}`,
    run: () =>
      arsenal.byIam<unknown>(stage, (iam) =>
        kind === 'user'
          ? iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName }))
          : iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName })),
      ),
  };
}

function detachment({ arsenal, stage, principal: { kind, name } }: Stripping, PolicyArn: string): Act {
  return {
    text: `detaches ${PolicyArn} from ${name}`,
    run: () =>
      arsenal.byIam<unknown>(stage, (iam) =>
        kind === 'user'
          ? iam.send(new DetachUserPolicyCommand({ UserName: name, PolicyArn }))
          : iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn })),
      ),
  };
}

function removal({ arsenal, stage, principal: { name } }: Stripping, GroupName: string): Act {
  return {
    text: `takes ${name} out of the group ${GroupName}`,
    run: () => arsenal.byIam(stage, (iam) => iam.send(new RemoveUserFromGroupCommand({ UserName: name, GroupName }))),
  };
}

/** Where the boundary cannot be deleted, another one takes its place. */
function unbounding({ arsenal, stage, principal: { kind, name } }: Stripping): Act {
  return {
    text: `takes the permissions boundary off ${name}`,
    run: async () => {
      const deleted = await arsenal.byIam<unknown>(stage, (iam) =>
        kind === 'user'
          ? iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: name }))
          : iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name })),
      );
      if (deleted.allowed) return deleted;
      const PermissionsBoundary = PERMISSIVE;
      return arsenal.byIam<unknown>(stage, (iam) =>
        kind === 'user'
          ? iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary }))
          : iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary })),
      );
    },
  };
}

function reactivation({ arsenal, stage, principal: { kind, name } }: Stripping, AccessKeyId: string): Act {
  const owner = kind === 'user' ? { UserName: name } : {};
  return {
    text: `re-activates the key ${AccessKeyId}`,
    run: () => arsenal.byIam(stage, (iam) => iam.send(new UpdateAccessKeyCommand({ ...owner, AccessKeyId, Status: 'Active' }))),
  };
}
