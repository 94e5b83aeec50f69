import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Scenario } from '../scenario/schema.js';
import type { Foothold } from './arsenal.js';
import { readBelongings, type Belongings } from './belongings.js';
import { arrive, type FighterDeps } from './persister.js';
import { strip } from './strip.js';
import type { Script, Stage } from './stage.js';

/** What he starts from. */
export type PassingThiefDeps = FighterDeps & { readonly plan: Scenario['cast']['opportunist'] };

/**
 * The opportunist with another credential than a user's key: looks around, watches what hangs on the principal, takes off once what
 * is new, and once he is refused tries for a new user, and then the same few calls for ever.
 */
export function passingThief(deps: PassingThiefDeps): Script {
  const { plan, accountId } = deps;
  return async (stage) => {
    const me = await arrive(deps, stage);
    if (me === undefined) return;
    const seen: Seen = { before: undefined, hasStripped: false };
    let isLockedOut = false;
    let hasTriedUser = false;
    for (let round = 0; !stage.isStopped(); round += 1) {
      if (!isLockedOut && !(await watchOnce(deps, { stage, me, seen }))) {
        isLockedOut = true;
        stage.say('is refused its own reads: somebody is containing it');
      }
      if (isLockedOut) {
        const { iam, sts } = me.clients;
        if (!hasTriedUser) {
          const made = await stage.attempt(iam.send(new CreateUserCommand({ UserName: plan.wantedUser })));
          stage.say(`tries to create the user ${plan.wantedUser}: ${made.allowed ? 'done' : `refused (${made.errorCode})`}`);
          hasTriedUser = true;
        } else await stage.attempt(iam.send(new ListUsersCommand({})));
        const RoleArn = `arn:aws:iam::${accountId}:role/${plan.wantedRole}`;
        await stage.attempt(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'support' })));
      }
      if (isLockedOut || round % 5 === 0) await stage.attempt(me.clients.cloudtrail.send(new DescribeTrailsCommand({})));
      await stage.pause(isLockedOut ? plan.everySeconds : plan.pollSeconds);
    }
  };
}

type Seen = { before: Belongings | undefined; hasStripped: boolean };

/** @returns false once he is refused */
async function watchOnce({ arsenal }: PassingThiefDeps, { stage, me, seen }: { stage: Stage; me: Foothold; seen: Seen }): Promise<boolean> {
  if (!me.callsIam) return (await stage.attempt(me.clients.ec2.send(new DescribeInstancesCommand({})))).allowed;
  const now = await readBelongings(stage, { iam: me.clients.iam, principal: me.principal });
  if (now === 'refused') return false;
  if (now === 'gone') return true;
  seen.before ??= now;
  const { before } = seen;
  if (!seen.hasStripped && JSON.stringify(before) !== JSON.stringify(now)) {
    seen.hasStripped = true;
    await strip({ arsenal, stage, principal: me.principal }, { before, now });
  }
  return true;
}
