import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetFederationTokenCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { ACCOUNT, ADDRESSES, keysOf, type Clients, type Cloud, type Keys } from './cloud.js';
import { trustOfAccount } from './targets.js';
import { policyText, type Caller, type Layer, type World } from './world.js';

/** The user and the roles of one world in one cloud. */
export interface Subject {
  readonly names: Readonly<Record<string, string>>;
  /** Credentials of a caller. @throws the cloud's refusal to hand them out */
  mint(caller: Caller): Promise<Keys>;
}

/** Tags that policies ask about. */
const TAGS = [{ Key: 'team', Value: 'blue' }];
const SESSION_NAME = 'worker-1';
/** What a federated session is narrowed to when the world does not say. */
const EVERYTHING = [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }] as const;

/**
 * Makes a fresh user, with a group and a key, and two roles, and puts the world's policies on them: `worker` is assumed by the
 * administrator, so that its policies are asked; `trusted` carries the world's trust policy.
 *
 * @param number makes the names unique in the cloud.
 */
export async function createSubject(
  { cloud, administrator }: { cloud: Cloud; administrator: Clients },
  { world, number }: { world: World; number: number },
): Promise<Subject> {
  const { iam } = administrator;
  const user = `subject-${number}`;
  const worker = `worker-${number}`;
  const trusted = `trusted-${number}`;
  const userIds = await iam.send(new CreateUserCommand({ UserName: user, Tags: TAGS }));
  const roleIds = await iam.send(new CreateRoleCommand({ RoleName: worker, AssumeRolePolicyDocument: trustOfAccount(), Tags: TAGS }));
  const names = {
    user,
    worker,
    trusted,
    userId: userIds.User?.UserId ?? '',
    workerId: roleIds.Role?.RoleId ?? '',
  };
  const textOf = (layer: Layer): string | undefined => {
    const statements = world[layer] ?? [];
    return statements.length === 0 ? undefined : policyText(statements, names);
  };
  await iam.send(new CreateRoleCommand({ RoleName: trusted, AssumeRolePolicyDocument: textOf('trust') ?? trustOfAccount() }));
  await putUserPolicies(iam, { user, textOf });
  await putRolePolicies(iam, { worker, textOf });
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: user }));
  const key = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  const own = cloud.clientsFor(key, ADDRESSES[0]);

  const mint = async (caller: Caller): Promise<Keys> => {
    const Policy = textOf('session');
    switch (caller) {
      case 'userKey':
        return key;
      case 'sessionToken':
        return keysOf((await own.sts.send(new GetSessionTokenCommand({}))).Credentials);
      case 'roleSession': {
        const asked = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/${worker}`, RoleSessionName: SESSION_NAME };
        const answer = await administrator.sts.send(new AssumeRoleCommand({ ...asked, ...(Policy === undefined ? {} : { Policy }) }));
        return keysOf(answer.Credentials);
      }
      case 'federatedUser': {
        const asked = { Name: 'guest', Policy: Policy ?? policyText(EVERYTHING, {}) };
        return keysOf((await own.sts.send(new GetFederationTokenCommand(asked))).Credentials);
      }
    }
  };
  return { names, mint };
}

type Texts = { readonly textOf: (layer: Layer) => string | undefined };

async function putUserPolicies(iam: IAMClient, { user: UserName, textOf }: Texts & { user: string }): Promise<void> {
  const PolicyName = 'own';
  const GroupName = `group-of-${UserName}`;
  // Without it nobody could ask for a federated session; the world's denies still count.
  const mayFederate = policyText([{ Effect: 'Allow', Action: ['sts:GetFederationToken'], Resource: ['*'] }], {});
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'may-federate', PolicyDocument: mayFederate }));
  const inline = textOf('userInline');
  if (inline !== undefined) await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: inline }));
  const managed = textOf('userManaged');
  if (managed !== undefined)
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: await createPolicy(iam, `managed-${UserName}`, managed) }));
  const boundary = textOf('userBoundary');
  if (boundary !== undefined) {
    const PermissionsBoundary = await createPolicy(iam, `boundary-${UserName}`, boundary);
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary }));
  }
  const [ofGroup, attached] = [textOf('groupInline'), textOf('groupManaged')];
  if (ofGroup === undefined && attached === undefined) return;
  await iam.send(new CreateGroupCommand({ GroupName }));
  await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
  if (ofGroup !== undefined) await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName, PolicyDocument: ofGroup }));
  if (attached !== undefined)
    await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn: await createPolicy(iam, `managed-${GroupName}`, attached) }));
}

async function putRolePolicies(iam: IAMClient, { worker: RoleName, textOf }: Texts & { worker: string }): Promise<void> {
  const inline = textOf('roleInline');
  if (inline !== undefined) await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: inline }));
  const managed = textOf('roleManaged');
  if (managed !== undefined)
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: await createPolicy(iam, `managed-${RoleName}`, managed) }));
  const boundary = textOf('roleBoundary');
  if (boundary === undefined) return;
  const PermissionsBoundary = await createPolicy(iam, `boundary-${RoleName}`, boundary);
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
}

async function createPolicy(iam: IAMClient, PolicyName: string, PolicyDocument: string): Promise<string> {
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
  return Policy?.Arn ?? '';
}
