import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { knownType } from '../ec2/instance-types.js';
import type { Scenario } from '../scenario/schema.js';
import type { ActorClients, SdkCredentials } from './clients.js';
import type { Stage } from './stage.js';

/** What ways back are made with. */
export interface WaysBackDeps {
  readonly plan: Scenario['cast']['opportunist'];
  readonly accountId: string;
  readonly withKey: ActorClients;
  readonly fromOutside: ActorClients;
  readonly clientsFor: (credentials: SdkCredentials) => ActorClients;
}

/** The ways that do not depend on the leaked key any more; one that was refused is absent. */
export type WaysBack = {
  readonly deps: WaysBackDeps;
  readonly withNewUser?: ActorClients | undefined;
  readonly roleArn: string;
  /** Which of them worked when last tried, so that only a change is told. */
  readonly worked: Map<string, boolean>;
  /** The session of the role, as long as it works. */
  session?: ActorClients | undefined;
};

const EVERYTHING = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

/** Makes a user with a key and all rights, a role that his own account and an instance may assume, its policy, and the instance. */
export async function makeWaysBack(deps: WaysBackDeps, stage: Stage): Promise<WaysBack> {
  const { makes } = deps.plan;
  const number = 1 + Math.floor(stage.random.next() * 99);
  const names = { user: `${makes.user}-${number}`, role: `${makes.role}-${number}`, policy: `${makes.policy}-${number}` };
  const withNewUser = await makeUser(deps, { stage, name: names.user });
  await makeRole(deps, { stage, name: names.role, policy: names.policy });
  await makeInstance(deps, { stage, role: names.role });
  return { deps, withNewUser, roleArn: `arn:aws:iam::${deps.accountId}:role/${names.role}`, worked: new Map() };
}

async function makeUser(
  { withKey, clientsFor }: WaysBackDeps,
  { stage, name }: { stage: Stage; name: string },
): Promise<ActorClients | undefined> {
  const { iam } = withKey;
  await stage.attempt(iam.send(new CreateUserCommand({ UserName: name })));
  await stage.attempt(iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'backup', PolicyDocument: EVERYTHING })));
  const made = await stage.attempt(iam.send(new CreateAccessKeyCommand({ UserName: name })));
  const key = made.allowed ? made.answer.AccessKey : undefined;
  stage.say(
    key === undefined ? `cannot make the user ${name}` : `makes the user ${name} with all rights and the key ${key.AccessKeyId ?? ''}`,
  );
  if (key?.AccessKeyId === undefined || key.SecretAccessKey === undefined) return undefined;
  return clientsFor({ accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey });
}

async function makeRole(
  { withKey, accountId, plan }: WaysBackDeps,
  { stage, name, policy }: { stage: Stage; name: string; policy: string },
): Promise<void> {
  const { iam } = withKey;
  const Principal = { AWS: `arn:aws:iam::${plan.outside.accountId}:root`, Service: 'ec2.amazonaws.com' };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] });
  await stage.attempt(iam.send(new CreatePolicyCommand({ PolicyName: policy, PolicyDocument: EVERYTHING })));
  const role = await stage.attempt(iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust })));
  const PolicyArn = `arn:aws:iam::${accountId}:policy/${policy}`;
  await stage.attempt(iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn })));
  stage.say(role.allowed ? `makes the role ${name}, which account ${plan.outside.accountId} may assume` : `cannot make the role ${name}`);
}

async function makeInstance({ withKey, plan }: WaysBackDeps, { stage, role }: { stage: Stage; role: string }): Promise<void> {
  const { iam, ec2 } = withKey;
  await stage.attempt(iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: role })));
  await stage.attempt(iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: role, RoleName: role })));
  const launch = new RunInstancesCommand({
    ImageId: plan.makes.imageId,
    ...knownType(plan.makes.instanceType),
    MinCount: 1,
    MaxCount: 1,
    IamInstanceProfile: { Name: role },
    // A fixed token in place of the SDK's own random one: the same seed gives the same records.
    ClientToken: `launch-${role}`,
  });
  const launched = await stage.attempt(ec2.send(launch));
  const id = launched.allowed ? launched.answer.Instances?.[0]?.InstanceId : undefined;
  stage.say(id === undefined ? 'cannot run an instance' : `runs the instance ${id} with the role ${role}`);
}

/** Uses the new user's key, and the role from outside: assumed once, and again whenever its session has stopped working. */
export async function tryWaysBack(ways: WaysBack, stage: Stage): Promise<void> {
  if (ways.withNewUser !== undefined) {
    const users = await stage.attempt(ways.withNewUser.iam.send(new ListUsersCommand({})));
    tell(ways, { stage, way: 'the new user', works: users.allowed });
  }
  ways.session ??= await assumeFromOutside(ways, stage);
  const works = ways.session !== undefined && (await stage.attempt(ways.session.ec2.send(new DescribeInstancesCommand({})))).allowed;
  if (!works) ways.session = undefined;
  tell(ways, { stage, way: 'the role from outside', works });
}

async function assumeFromOutside({ deps, roleArn: RoleArn }: WaysBack, stage: Stage): Promise<ActorClients | undefined> {
  const assumed = await stage.attempt(deps.fromOutside.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'sync' })));
  const { AccessKeyId, SecretAccessKey, SessionToken } = (assumed.allowed ? assumed.answer.Credentials : undefined) ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) return undefined;
  return deps.clientsFor({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
}

function tell({ worked }: WaysBack, { stage, way, works }: { stage: Stage; way: string; works: boolean }): void {
  if (worked.get(way) === works) return;
  stage.say(works ? `is back in with ${way}` : `is stopped with ${way}`);
  worked.set(way, works);
}
