import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  ListUsersCommand,
  SetDefaultPolicyVersionCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, lastRecordOf, policyText } from './clients.js';

let range: Range;
let clock: VirtualClock;
let iam: IAMClient;
let PolicyArn: string;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ clock, propagationSeconds: { min: 4, max: 4 } });
  iam = clientsFor(range, range.identities.admin).iam;
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument: policyText('Allow', 's3:*') }));
  PolicyArn = Policy?.Arn ?? '';
});

describe('versions of a managed policy', () => {
  it('change what is enforced 4 s after another one became the default', async () => {
    const { Policy: denying } = await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: policyText('Allow', 's3:*') }));
    await iam.send(new AttachUserPolicyCommand({ UserName: 'dana', PolicyArn: denying?.Arn }));
    await clock.advance(4000);
    const dana = clientsFor(range, range.identities.innocent).iam;
    await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: denying?.Arn, PolicyDocument: policyText('Deny', '*'), SetAsDefault: true }),
    );

    const early = await errorOf(dana.send(new ListUsersCommand({})));
    await clock.advance(4000);
    const late = await errorOf(dana.send(new ListUsersCommand({})));
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: denying?.Arn, VersionId: 'v1' }));
    await clock.advance(4000);
    const restored = await errorOf(dana.send(new ListUsersCommand({})));

    expect([early, late, restored]).toEqual(['no error', 'AccessDenied', 'no error']);
  });

  it('are at most five, are listed newest first, and never use an id twice', async () => {
    const create = (): Promise<string> =>
      errorOf(iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policyText('Allow', 'ec2:*') })));
    const created = [await create(), await create(), await create(), await create(), await create()];
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' }));
    const again = await create();

    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));

    expect(created).toEqual(['no error', 'no error', 'no error', 'no error', 'LimitExceededException']);
    expect(again).toBe('no error');
    expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
      ['v6', false],
      ['v4', false],
      ['v3', false],
      ['v2', false],
      ['v1', true],
    ]);
  });

  it('are read with their document; the default one cannot be deleted, an unknown one is NoSuchEntity', async () => {
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policyText('Allow', 'ec2:*'), SetAsDefault: true }));
    const { PolicyVersion: read } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));

    expect(decodeURIComponent(read?.Document ?? '')).toBe(policyText('Allow', 's3:*'));
    expect(Policy?.DefaultVersionId).toBe('v2');
    expect(await errorOf(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' })))).toBe('DeleteConflictException');
    expect(await errorOf(iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v9' })))).toBe('NoSuchEntityException');
    expect(range.iamState().policies).toContainEqual({ arn: PolicyArn, document: policyText('Allow', 'ec2:*') });
    expect(lastRecordOf(range, 'CreatePolicyVersion')).toMatchObject({
      requestParameters: { policyArn: PolicyArn, policyDocument: policyText('Allow', 'ec2:*'), setAsDefault: true },
      responseElements: { policyVersion: { versionId: 'v2', isDefaultVersion: true } },
    });
  });

  it('of AWS itself cannot be changed', async () => {
    const theirs = { PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' };

    expect(await errorOf(iam.send(new CreatePolicyVersionCommand({ ...theirs, PolicyDocument: policyText('Allow', '*') })))).toBe(
      'AccessDenied',
    );
  });
});

it('deletes a managed policy only when it is attached to nobody and has one version', async () => {
  await iam.send(new AttachUserPolicyCommand({ UserName: 'dana', PolicyArn }));
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policyText('Allow', 'ec2:*') }));
  const { PolicyUsers } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  const attached = await errorOf(iam.send(new DeletePolicyCommand({ PolicyArn })));
  await iam.send(new DetachUserPolicyCommand({ UserName: 'dana', PolicyArn }));
  const twoVersions = await errorOf(iam.send(new DeletePolicyCommand({ PolicyArn })));
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));

  expect(PolicyUsers?.map(({ UserName }) => UserName)).toEqual(['dana']);
  expect([attached, twoVersions]).toEqual(['DeleteConflictException', 'DeleteConflictException']);
  expect(await errorOf(iam.send(new DeletePolicyCommand({ PolicyArn })))).toBe('no error');
  expect(await errorOf(iam.send(new GetPolicyCommand({ PolicyArn })))).toBe('NoSuchEntityException');
});
