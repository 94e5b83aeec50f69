import {
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
} from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range } from '../../../src/range/index.js';
import { clientsFor, errorOf, lastRecordOf, observersFor, trustText } from './clients.js';

const ONE = {
  ImageId: 'ami-0abcdef1234567890',
  InstanceType: 't3.micro',
  MinCount: 1,
  MaxCount: 1,
} as const satisfies RunInstancesCommandInput;

let range: Range;
let ec2: EC2Client;

beforeEach(async () => {
  range = await startRange({ clock: createVirtualClock(), propagationSeconds: { min: 0, max: 0 } });
  ec2 = observersFor(range, range.identities.admin).ec2;
});

/** An instance profile of its own name with a role that a principal may use. */
async function makeProfile(name: string, service: string): Promise<void> {
  const { iam } = clientsFor(range, range.identities.admin);
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trustText({ Service: service }) }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
}

async function runOne(input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const { Instances } = await ec2.send(new RunInstancesCommand({ ...ONE, ...input }));
  return Instances?.[0]?.InstanceId ?? '';
}

async function stateOf(id: string): Promise<string | undefined> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

describe('instances', () => {
  it('are started, described, stopped and terminated, each answer with the state before', async () => {
    const id = await runOne();
    const running = await stateOf(id);
    const stopped = await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    const ended = await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));

    expect(id).toMatch(/^i-[0-9a-f]{17}$/);
    expect([running, await stateOf(id)]).toEqual(['running', 'terminated']);
    expect(stopped.StoppingInstances).toEqual([
      { InstanceId: id, CurrentState: { Code: 64, Name: 'stopping' }, PreviousState: { Code: 16, Name: 'running' } },
    ]);
    expect(ended.TerminatingInstances?.[0]).toMatchObject({ CurrentState: { Name: 'shutting-down' }, PreviousState: { Name: 'stopped' } });
    expect(await errorOf(ec2.send(new StopInstancesCommand({ InstanceIds: [id] })))).toBe('IncorrectInstanceState');
  });

  it('are started once for one client token', async () => {
    const [first, second] = [await runOne({ ClientToken: 'same' }), await runOne({ ClientToken: 'same' })];

    const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));

    expect(second).toBe(first);
    expect(Reservations).toHaveLength(1);
  });

  it('live in one region, and are found by filters there', async () => {
    const id = await runOne({ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'miner' }] }] });
    const elsewhere = observersFor(range, range.identities.admin, 'eu-west-1').ec2;
    const find = async (Name: string, value: string): Promise<number | undefined> =>
      (await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name, Values: [value] }] }))).Reservations?.length;

    expect([await find('tag:Name', 'min*'), await find('instance-state-name', 'stopped')]).toEqual([1, 0]);
    expect((await elsewhere.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
    expect(await errorOf(elsewhere.send(new StopInstancesCommand({ InstanceIds: [id] })))).toBe('InvalidInstanceID.NotFound');
    expect(await errorOf(find('colour', 'red'))).toBe('InvalidParameterValue');
  });

  it("are refused with EC2's own codes: malformed image, unknown profile, no right, dry run", async () => {
    const dana = observersFor(range, range.identities.innocent).ec2;

    expect(await errorOf(runOne({ ImageId: 'nonsense' }))).toBe('InvalidAMIID.Malformed');
    expect(await errorOf(runOne({ IamInstanceProfile: { Name: 'nobody' } }))).toBe('InvalidParameterValue');
    expect(await errorOf(runOne({ DryRun: true }))).toBe('DryRunOperation');
    expect(await errorOf(dana.send(new RunInstancesCommand(ONE)))).toBe('UnauthorizedOperation');
    expect(lastRecordOf(range, 'RunInstances')).toMatchObject({ errorCode: 'Client.UnauthorizedOperation', responseElements: null });
  });
});

describe('records of instances', () => {
  it("have CloudTrail's own form for RunInstances and StopInstances", async () => {
    await makeProfile('host', 'ec2.amazonaws.com');
    const id = await runOne({ IamInstanceProfile: { Name: 'host' }, UserData: Buffer.from('curl evil').toString('base64') });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));

    expect(lastRecordOf(range, 'RunInstances')).toMatchObject({
      eventSource: 'ec2.amazonaws.com',
      requestParameters: {
        instancesSet: { items: [{ imageId: ONE.ImageId, minCount: 1, maxCount: 1 }] },
        iamInstanceProfile: { name: 'host' },
        userData: '<sensitiveDataRemoved>',
      },
      responseElements: {
        instancesSet: {
          items: [
            {
              instanceId: id,
              instanceState: { code: 0, name: 'pending' },
              iamInstanceProfile: { arn: expect.stringContaining('instance-profile/host') },
            },
          ],
        },
      },
    });
    expect(lastRecordOf(range, 'StopInstances')).toMatchObject({
      requestParameters: { instancesSet: { items: [{ instanceId: id }] } },
      responseElements: {
        instancesSet: { items: [{ instanceId: id, currentState: { code: 64, name: 'stopping' }, previousState: { code: 16 } }] },
      },
    });
  });

  it("tell that EC2 assumed the profile's role, a second later, with the key id and no assumedRoleUser", async () => {
    await makeProfile('host', 'ec2.amazonaws.com');
    const id = await runOne({ IamInstanceProfile: { Name: 'host' } });

    const launched = lastRecordOf(range, 'RunInstances');
    const assumed = lastRecordOf(range, 'AssumeRole');

    expect(assumed).toMatchObject({
      userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
      sourceIPAddress: 'ec2.amazonaws.com',
      requestParameters: { roleArn: `arn:aws:iam::${range.accountId}:role/host`, roleSessionName: id },
      responseElements: { credentials: { accessKeyId: expect.stringMatching(/^ASIA/) } },
    });
    expect(assumed?.responseElements).not.toHaveProperty('assumedRoleUser');
    expect(Date.parse(assumed?.eventTime ?? '') - Date.parse(launched?.eventTime ?? '')).toBe(1000);
  });

  it('tell nothing of the sort for a role that does not trust EC2', async () => {
    await makeProfile('lambda-only', 'lambda.amazonaws.com');
    await runOne({ IamInstanceProfile: { Name: 'lambda-only' } });

    expect(lastRecordOf(range, 'AssumeRole')?.userIdentity.type).toBe('IAMUser');
  });
});

it('needs iam:PassRole on the role of an instance profile', async () => {
  await makeProfile('host', 'ec2.amazonaws.com');
  const pipeline = observersFor(range, range.identities.leaked).ec2;

  expect(await errorOf(pipeline.send(new RunInstancesCommand(ONE)))).toBe('no error');
  await expect(pipeline.send(new RunInstancesCommand({ ...ONE, IamInstanceProfile: { Name: 'host' } }))).rejects.toThrow(
    /iam:PassRole on resource: .*role\/host/,
  );
});

it('lists 17 regions and no flow logs', async () => {
  const { Regions } = await ec2.send(new DescribeRegionsCommand({}));

  expect(Regions).toHaveLength(17);
  expect(Regions?.map(({ RegionName }) => RegionName)).toContain('eu-central-1');
  expect((await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs).toEqual([]);
});
