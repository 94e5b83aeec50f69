import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { GetUserCommand, ListAccountAliasesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { ActorClients, SdkCredentials } from './clients.js';
import type { Script, Stage } from './stage.js';
import { sdkCredentials } from './thefts.js';

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

/** Where a workload gets its credentials; undefined when it is given none. */
export type CredentialSource = (stage: Stage) => Promise<SdkCredentials | undefined>;

/** A workload that works as a role: asks for credentials when it begins and whenever they stop working, and looks at what it runs on. */
export function roleWorkload({
  everySeconds,
  source,
  clientsFor,
}: Pick<WorkloadDeps, 'everySeconds'> & {
  readonly source: CredentialSource;
  readonly clientsFor: (credentials: SdkCredentials) => ActorClients;
}): Script {
  return async (stage) => {
    let clients: ActorClients | undefined;
    let isWorking = true;
    while (!stage.isStopped()) {
      if (clients === undefined) {
        const credentials = await source(stage);
        if (credentials !== undefined) clients = clientsFor(credentials);
      }
      const works = clients !== undefined && (await stage.attempt(clients.ec2.send(new DescribeInstancesCommand({})))).allowed;
      if (!works) clients = undefined;
      if (works !== isWorking) stage.say(works ? 'works again' : 'is stopped');
      isWorking = works;
      await stage.pause(everySeconds);
    }
  };
}

/** Credentials of a role that a user of the workload assumes, always under the same session name. */
export function assumedBy(
  user: ActorClients,
  { roleArn: RoleArn, sessionName }: { roleArn: string; sessionName: string },
): CredentialSource {
  return async (stage) => {
    const assumed = await stage.attempt(user.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: sessionName })));
    return assumed.allowed ? sdkCredentials(assumed.answer.Credentials) : undefined;
  };
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
