import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { GetUserCommand, ListAccountAliasesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { ActorClients } from './clients.js';
import type { Script, Stage } from './stage.js';

/** What a workload needs. */
export interface WorkloadDeps {
  readonly everySeconds: number;
  readonly clients: ActorClients;
}

/** The deployment that the leaked key belongs to: reads who it is and assumes its target role, from its usual address. */
export function benignWorkload({ everySeconds, clients, roleArn }: WorkloadDeps & { readonly roleArn: string }): Script {
  const { iam, sts } = clients;
  return everyRound(everySeconds, [
    () => sts.send(new GetCallerIdentityCommand({})),
    () => iam.send(new GetUserCommand({})),
    () => iam.send(new ListAccountAliasesCommand({})),
    () => sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'deploy' })),
  ]);
}

/** A colleague at work beside the incident. Nothing of hers may break. */
export function innocentUser({ everySeconds, clients }: WorkloadDeps): Script {
  const { iam, cloudtrail } = clients;
  return everyRound(everySeconds, [
    () => iam.send(new GetUserCommand({})),
    () => iam.send(new ListRolesCommand({})),
    () => cloudtrail.send(new DescribeTrailsCommand({})),
  ]);
}

/** Makes the calls in turn, one a round; says when they start to fail and when they work again. */
function everyRound(seconds: number, calls: readonly (() => Promise<unknown>)[]): Script {
  return async (stage: Stage) => {
    let isWorking = true;
    for (let round = 0; !stage.isStopped(); round += 1) {
      const call = calls[round % calls.length];
      if (call === undefined) return;
      const attempt = await stage.attempt(call());
      if (attempt.allowed !== isWorking) stage.say(attempt.allowed ? 'works again' : `is stopped: ${attempt.errorCode}`);
      isWorking = attempt.allowed;
      await stage.pause(seconds);
    }
  };
}
