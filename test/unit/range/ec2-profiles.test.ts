import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstancesCommand,
  DisassociateIamInstanceProfileCommand,
  ModifyInstanceAttributeCommand,
  ModifyInstanceMetadataOptionsCommand,
  ReplaceIamInstanceProfileAssociationCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRecorder, type Recorder } from '../../../src/range/cloudtrail/recorder.js';
import { metadataCredentials } from '../../../src/range/ec2/instance-credentials.js';
import { createInstances, type Ec2Instance, type Instances } from '../../../src/range/ec2/instances.js';
import { buildCompute, Compute } from '../../../src/range/ec2/scenario.js';
import { createPropagation } from '../../../src/range/facets/propagation.js';
import { createAccount, type Account } from '../../../src/range/iam/account.js';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { createRandom } from '../../../src/range/random/random.js';
import { clientsFor, errorOf, lastRecordOf, observersFor, policyText, trustText } from './clients.js';
import { ACCOUNTS, organizationWorld } from './organization-world.js';

const ONE = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
const trust = trustText({ Service: 'ec2.amazonaws.com' });

let range: Range;
let clock: VirtualClock;
let ec2: EC2Client;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ clock, propagationSeconds: { min: 0, max: 0 } });
  ec2 = observersFor(range, range.identities.admin).ec2;
  await makeProfile('app');
  await makeProfile('empty-handed');
});

/** An instance profile with a role of the same name. */
async function makeProfile(name: string): Promise<void> {
  const { iam } = clientsFor(range, range.identities.admin);
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
}

async function run(profile?: string): Promise<string> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({ ...ONE, ...(profile === undefined ? {} : { IamInstanceProfile: { Name: profile } }) }),
  );
  return Instances?.[0]?.InstanceId ?? '';
}

async function associationOf(instance: string): Promise<string | undefined> {
  const { IamInstanceProfileAssociations: found = [] } = await ec2.send(
    new DescribeIamInstanceProfileAssociationsCommand({ Filters: [{ Name: 'instance-id', Values: [instance] }] }),
  );
  return found[0]?.AssociationId;
}

/** The roles that EC2 assumed for an instance, in order. */
function rolesAssumedFor(instance: string): string[] {
  return range
    .recorded()
    .filter(
      ({ userIdentity, requestParameters }) => userIdentity.type === 'AWSService' && requestParameters?.['roleSessionName'] === instance,
    )
    .map(({ requestParameters }) => String(requestParameters?.['roleArn']).split('/').at(-1) ?? '');
}

describe('the profile of a running instance', () => {
  it('is replaced: new association, new credentials of the new role, told in CloudTrail', async () => {
    const id = await run('app');
    const before = await associationOf(id);

    const { IamInstanceProfileAssociation: made } = await ec2.send(
      new ReplaceIamInstanceProfileAssociationCommand({ AssociationId: before, IamInstanceProfile: { Name: 'empty-handed' } }),
    );

    expect(before).toMatch(/^iip-assoc-[0-9a-f]{17}$/);
    expect(made).toMatchObject({
      InstanceId: id,
      State: 'associating',
      IamInstanceProfile: { Arn: expect.stringContaining('/empty-handed') },
    });
    expect(await associationOf(id)).toBe(made?.AssociationId);
    expect(made?.AssociationId).not.toBe(before);
    expect(rolesAssumedFor(id)).toEqual(['app', 'empty-handed']);
    expect(lastRecordOf(range, 'ReplaceIamInstanceProfileAssociation')).toMatchObject({
      requestParameters: {
        ReplaceIamInstanceProfileAssociationRequest: { AssociationId: before, IamInstanceProfile: { Name: 'empty-handed' } },
      },
      responseElements: { ReplaceIamInstanceProfileAssociationResponse: { IamInstanceProfileAssociation: { InstanceId: id } } },
    });
  });

  it('is taken away and put back, with credentials that are handed out once more only when the role is another', async () => {
    const id = await run('app');
    await ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId: await associationOf(id) }));
    const without = await associationOf(id);

    await ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId: id, IamInstanceProfile: { Name: 'app' } }));

    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    expect(without).toBeUndefined();
    expect(Reservations?.[0]?.Instances?.[0]?.IamInstanceProfile?.Arn).toMatch(/instance-profile\/app$/);
    expect(rolesAssumedFor(id)).toEqual(['app']);
  });

  it("is refused with EC2's own codes: second association, unknown association and profile, terminated instance", async () => {
    const id = await run('app');
    const association = await associationOf(id);
    const associate = (InstanceId: string, Name = 'app'): Promise<string> =>
      errorOf(ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name } })));
    const replace = (AssociationId = association, Name = 'app'): Promise<string> =>
      errorOf(ec2.send(new ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile: { Name } })));

    expect(await associate(id)).toBe('IncorrectState');
    expect(await replace('iip-assoc-00000000000000000')).toBe('InvalidAssociationID.NotFound');
    expect(await replace(association, 'nobody')).toBe('InvalidParameterValue');
    expect(await associate('i-0123456789abcdef0')).toBe('InvalidInstanceID.NotFound');
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(await associate(id)).toBe('IncorrectInstanceState');
    expect(await associationOf(id)).toBeUndefined();
  });

  it('needs iam:PassRole on the new role', async () => {
    const id = await run('app');
    const { iam } = clientsFor(range, range.identities.admin);
    const allowed = policyText('Allow', 'ec2:*IamInstanceProfile*');
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'swap', PolicyDocument: allowed }));
    await iam.send(new AttachUserPolicyCommand({ UserName: 'dana', PolicyArn: Policy?.Arn }));
    const dana = observersFor(range, range.identities.innocent).ec2;
    const AssociationId = await associationOf(id);

    const replaced = dana.send(
      new ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile: { Name: 'empty-handed' } }),
    );

    await expect(replaced).rejects.toThrow(/iam:PassRole on resource: .*role\/empty-handed/);
    expect(await errorOf(dana.send(new DisassociateIamInstanceProfileCommand({ AssociationId })))).toBe('no error');
  });
});

describe('an instance', () => {
  it('shows that its metadata service requires tokens after it was told to', async () => {
    const id = await run();
    const tokens = async (): Promise<string | undefined> =>
      (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0]?.MetadataOptions?.HttpTokens;
    const before = await tokens();

    const { InstanceMetadataOptions: answer } = await ec2.send(
      new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpTokens: 'required' }),
    );

    expect([before, await tokens()]).toEqual(['optional', 'required']);
    expect(answer).toMatchObject({ State: 'pending', HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' });
    expect(lastRecordOf(range, 'ModifyInstanceMetadataOptions')?.requestParameters).toEqual({
      ModifyInstanceMetadataOptionsRequest: { InstanceId: id, HttpTokens: 'required' },
    });
  });

  it('is moved to a security group that exists, and to no other', async () => {
    const [id, other] = [await run(), await run()];
    const groupOf = async (instance: string): Promise<string | undefined> =>
      (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }))).Reservations?.[0]?.Instances?.[0]?.SecurityGroups?.[0]
        ?.GroupId;
    const move = (...Groups: string[]): Promise<string> =>
      errorOf(ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, Groups })));

    expect(await groupOf(id)).toBe(await groupOf(other));
    expect(await move('sg-0123456789abcdef0')).toBe('InvalidGroup.NotFound');
    expect(await move('isolation')).toBe('InvalidGroupId.Malformed');
    expect(await move((await groupOf(other)) ?? '')).toBe('no error');
  });
});

describe('the metadata service', () => {
  const HOUR_MS = 3_600_000;
  let account: Account;
  let instances: Instances;
  let recorder: Recorder;
  let instance: Ec2Instance;

  beforeEach(() => {
    const random = createRandom(1);
    const propagation = createPropagation({ clock, random, lag: { min: 0, max: 0 }, staleReads: false });
    account = createAccount({ id: '111122223333', alias: 'acme', clock, random, propagation });
    recorder = createRecorder({ random, delay: { min: 0, max: 0 } });
    instances = createInstances(random);
    for (const name of ['app', 'other']) account.addRole({ name, trust });
    const compute = Compute.parse({
      securityGroups: [{ id: 'sg-00000000000000150', name: 'isolation' }],
      instances: [{ name: 'web', profile: { name: 'app', role: 'app' } }],
    });
    buildCompute({ account, instances, recorder, random }, { compute, now: clock.now() });
    instance = instances.all().find(({ tags }) => tags.get('Name') === 'web') ?? failed();
  });

  const failed = (): never => {
    throw new Error('the scenario brought no instance');
  };
  const ask = (version: '1.0' | '2.0') =>
    metadataCredentials({ account, recorder, random: createRandom(2) }, { instance, version, at: clock.now() });

  it('gives a thief what the workload has, and something new 5 minutes before that expires', async () => {
    const workload = account.credentials.all()[0];
    const stolen = ask('2.0');
    await clock.advance(6 * HOUR_MS - 301_000);
    const late = ask('2.0');
    await clock.advance(1000);
    const renewed = ask('2.0');

    expect(stolen).toBe(workload);
    expect(late).toBe(workload);
    expect(renewed?.accessKeyId).not.toBe(workload?.accessKeyId);
    expect(renewed?.session).toMatchObject({ ec2RoleDelivery: '2.0', expiresAt: clock.now() + 6 * HOUR_MS });
    expect(recorder.all()).toHaveLength(2);
  });

  it('answers version 1.0 until tokens are required, and marks what it gave', () => {
    const first = ask('1.0');
    instance.metadata = { ...instance.metadata, tokens: 'required' };

    expect(first?.session?.ec2RoleDelivery).toBe('1.0');
    expect([ask('1.0'), ask('2.0')?.session?.ec2RoleDelivery]).toEqual([undefined, '2.0']);
  });

  it('gives the new role after a swap, nothing after a disassociation or a stop; what was given lives on', () => {
    const old = ask('2.0');
    const profile = account.addInstanceProfile({ name: 'other' });
    profile.role.set('other', account.propagation.creation('test'));
    instances.associate(instance, { profile, at: clock.now() });
    const swapped = ask('2.0');
    instance.association = undefined;
    const without = ask('2.0');

    expect(swapped?.bearer).toMatchObject({ role: { name: 'other' }, sessionName: instance.id });
    expect(without).toBeUndefined();
    expect(old?.session?.expiresAt).toBeGreaterThan(clock.now());
    expect(account.credentials.find(old?.accessKeyId ?? '')).toBe(old);
  });

  it('knows the isolation group of the scenario', () => {
    expect(instances.group('us-east-1', 'sg-00000000000000150')?.name).toBe('isolation');
    expect(instances.group('eu-west-1', 'sg-00000000000000150')).toBeUndefined();
  });
});

describe('an instance of a scenario', () => {
  it('has credentials that a thief goes on using for 6 hours after its profile was swapped and its groups were changed', async () => {
    const { world, clock, clients, admin } = await organizationWorld();
    const machine = admin(ACCOUNTS.member).ec2;
    const { Reservations } = await machine.send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:Name', Values: ['web'] }] }));
    const InstanceId = Reservations?.[0]?.Instances?.[0]?.InstanceId ?? '';
    const stolen = world.handouts.instance(InstanceId, '1.0') ?? failed();
    const thief = clients(stolen);
    const works = (): Promise<string> => errorOf(thief.iam.send(new ListUsersCommand({})));
    const { IamInstanceProfileAssociations: found } = await machine.send(new DescribeIamInstanceProfileAssociationsCommand({}));
    const AssociationId = found?.find((one) => one.InstanceId === InstanceId)?.AssociationId;

    const IamInstanceProfile = { Name: 'empty-handed' };
    await machine.send(new ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile }));
    await machine.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId, HttpTokens: 'required' }));
    await machine.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups: ['sg-00000000000000150'] }));
    const after = [
      await works(),
      await errorOf(clients(world.handouts.instance(InstanceId) ?? failed()).iam.send(new ListUsersCommand({}))),
    ];
    const again = world.handouts.instance(InstanceId, '1.0');
    await clock.advance(6 * 3_600_000);

    expect(after).toEqual(['no error', 'AccessDenied']);
    expect(again).toBeUndefined();
    expect(await works()).toBe('ExpiredToken');
    expect(world.records.find(({ userIdentity: { accessKeyId } }) => accessKeyId === stolen.accessKeyId)).toMatchObject({
      userIdentity: { sessionContext: { ec2RoleDelivery: '1.0', sessionIssuer: { userName: 'web-server' } } },
    });
  });

  const failed = (): never => {
    throw new Error('the instance has no credentials');
  };
});
