import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import {
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam';
import { permanent } from '../../../src/contracts/failures.js';
import type { Proposal } from '../../../src/contracts/eradication.js';
import { nameOf } from '../../../src/domain/principals/arn.js';

/** A thing as AWS has it now. */
export interface Current {
  /** Of an access key: its user's, with the path that records leave out. */
  readonly arn: string;
  readonly uniqueId?: string;
  readonly createdAt?: string;
  /** Of an access key. */
  readonly status?: string;
  /** The calls that remove it. */
  readonly calls: Proposal['calls'];
}

export interface ReadCurrentDeps {
  readonly iam: Pick<IAMClient, 'send'>;
  readonly ec2: (region: string) => Pick<EC2Client, 'send'>;
}

type Thing = Pick<Proposal, 'action' | 'target' | 'region' | 'owner'>;

/**
 * Looks a thing up; undefined when it is gone. Needs `iam:GetUser`, `GetRole`, `GetPolicy`, `ListAccessKeys`,
 * `ec2:DescribeInstances`.
 */
export async function readCurrent(thing: Thing, deps: ReadCurrentDeps): Promise<Current | undefined> {
  try {
    return await READERS[thing.action](thing, deps);
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    if (error instanceof Error && error.name === 'InvalidInstanceID.NotFound') return undefined;
    throw error;
  }
}

const READERS: Readonly<Record<Proposal['action'], (thing: Thing, deps: ReadCurrentDeps) => Promise<Current | undefined>>> = {
  async deleteUser({ target }, { iam }) {
    const UserName = nameOf(target);
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    return User === undefined
      ? undefined
      : made({ arn: User.Arn, id: User.UserId, at: User.CreateDate }, { api: 'iam:DeleteUser', params: { UserName } });
  },
  async deleteRole({ target }, { iam }) {
    const RoleName = nameOf(target);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    return Role === undefined
      ? undefined
      : made({ arn: Role.Arn, id: Role.RoleId, at: Role.CreateDate }, { api: 'iam:DeleteRole', params: { RoleName } });
  },
  async deletePolicy({ target }, { iam }) {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: target }));
    return Policy === undefined
      ? undefined
      : made({ arn: Policy.Arn, id: Policy.PolicyId, at: Policy.CreateDate }, { api: 'iam:DeletePolicy', params: { PolicyArn: target } });
  },
  async deleteAccessKey({ target, owner }, { iam }) {
    if (owner === undefined) throw permanent('InvalidPayload', `access key ${target}: expected the user it belongs to`);
    const UserName = nameOf(owner);
    const [{ User }, { AccessKeyMetadata = [] }] = await Promise.all([
      iam.send(new GetUserCommand({ UserName })),
      iam.send(new ListAccessKeysCommand({ UserName })),
    ]);
    const key = AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === target);
    if (key === undefined) return undefined;
    const call = { api: 'iam:DeleteAccessKey', params: { UserName, AccessKeyId: target } };
    return { ...made({ arn: User?.Arn, id: target, at: key.CreateDate }, call), status: key.Status ?? 'Active' };
  },
  async terminateInstance({ target, region }, { ec2 }) {
    const InstanceId = nameOf(target);
    const { Reservations = [] } = await ec2(region).send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    const instance = Reservations.flatMap(({ Instances = [] }) => Instances)[0];
    if (instance === undefined || ['terminated', 'shutting-down'].includes(instance.State?.Name ?? '')) return undefined;
    return made(
      { arn: target, id: InstanceId, at: instance.LaunchTime },
      { api: 'ec2:TerminateInstances', params: { InstanceIds: [InstanceId] } },
    );
  },
};

function made(
  { arn, id, at }: { arn: string | undefined; id: string | undefined; at: Date | undefined },
  call: Proposal['calls'][number],
): Current {
  return {
    arn: arn ?? 'unknown',
    ...(id === undefined ? {} : { uniqueId: id }),
    ...(at === undefined ? {} : { createdAt: at.toISOString() }),
    calls: [call],
  };
}
