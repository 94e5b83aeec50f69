import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf } from './clients.js';

const D1 = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] });
const UserName = 'ci-deploy';
const UserArn = 'arn:aws:iam::111122223333:user/automation/ci-deploy';

let range: Range;
let clock: VirtualClock;

async function sessionOf(credentials: Range['identities']['leaked']): Promise<ReturnType<typeof clientsFor>> {
  const { Credentials: made } = await clientsFor(range, credentials).sts.send(new GetSessionTokenCommand({}));
  return clientsFor(range, {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  });
}

describe('enforcement without lag', () => {
  beforeEach(async () => {
    clock = createVirtualClock();
    range = await startRange({ clock, propagationSeconds: { min: 0, max: 0 } });
  });

  it('keeps a GetSessionToken session alive when its key is switched off, and ends it under D1', async () => {
    const session = await sessionOf(range.identities.leaked);
    const { iam } = clientsFor(range, range.identities.responder);
    const tries = (): Promise<string> => errorOf(session.cloudtrail.send(new DescribeTrailsCommand({})));

    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: range.identities.leaked.accessKeyId, Status: 'Inactive' }));
    const afterKeyOff = await tries();
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'IRQuarantine-1', PolicyDocument: D1 }));
    const afterDeny = await tries();

    expect([afterKeyOff, afterDeny]).toEqual(['no error', 'AccessDeniedException']);
    expect(range.recorded().at(-1)).toMatchObject({
      errorCode: 'AccessDenied',
      userIdentity: { type: 'IAMUser', userName: 'ci-deploy', sessionContext: { attributes: { mfaAuthenticated: 'false' } } },
    });
  });

  it('lets GetCallerIdentity and GetSessionToken pass under D1 while the key is active, but not IAM with the session', async () => {
    await clientsFor(range, range.identities.responder).iam.send(
      new PutUserPolicyCommand({ UserName, PolicyName: 'IRQuarantine-1', PolicyDocument: D1 }),
    );

    const session = await sessionOf(range.identities.leaked);

    expect(await errorOf(session.sts.send(new GetCallerIdentityCommand({})))).toBe('no error');
    expect(await errorOf(session.iam.send(new ListUsersCommand({})))).toBe('InvalidClientTokenId');
  });

  it('refuses a third key and more than 2,048 inline characters with LimitExceeded', async () => {
    const { iam } = clientsFor(range, range.identities.admin);
    const long = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'x'.repeat(2000), Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    });

    expect(await errorOf(iam.send(new CreateAccessKeyCommand({ UserName })))).toBe('LimitExceededException');
    expect(await errorOf(iam.send(new PutUserPolicyCommand({ UserName: 'dana', PolicyName: 'long', PolicyDocument: long })))).toBe(
      'LimitExceededException',
    );
  });

  it('bounds the responder: it attaches IRQuarantine and AWSDenyAll only, and never on itself or break-glass', async () => {
    const { iam } = clientsFor(range, range.identities.responder);
    const attach = (user: string, arn: string): Promise<string> =>
      errorOf(iam.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn: arn })));

    expect(await attach(UserName, 'arn:aws:iam::111122223333:policy/ir/IRQuarantine')).toBe('no error');
    expect(await attach(UserName, 'arn:aws:iam::aws:policy/AdministratorAccess')).toBe('AccessDenied');
    expect(await attach('break-glass', 'arn:aws:iam::aws:policy/AWSDenyAll')).toBe('AccessDenied');
    expect(await errorOf(iam.send(new CreateAccessKeyCommand({ UserName })))).toBe('AccessDenied');
    expect(
      await errorOf(
        iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: 'arn:aws:iam::aws:policy/AWSDenyAll' })),
      ),
    ).toBe('no error');
    expect(
      await errorOf(
        iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })),
      ),
    ).toBe('AccessDenied');
  });

  it('simulates what it enforces: allowed, explicitDeny by the inline deny, and the boundary named', async () => {
    const { iam } = clientsFor(range, range.identities.responder);
    const simulate = async (): Promise<(string | undefined)[]> => {
      const { EvaluationResults } = await iam.send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn: UserArn, ActionNames: ['ec2:RunInstances', 'iam:DeleteUser'] }),
      );
      return EvaluationResults?.map(({ EvalDecision }) => EvalDecision) ?? [];
    };

    const before = await simulate();
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: 'arn:aws:iam::aws:policy/AWSDenyAll' }));
    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: UserArn, ActionNames: ['ec2:RunInstances'] }),
    );

    expect(before).toEqual(['allowed', 'implicitDeny']);
    expect(EvaluationResults?.[0]).toMatchObject({
      EvalDecision: 'explicitDeny',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
      MatchedStatements: [{ SourcePolicyId: 'AWSDenyAll' }],
    });
  });

  it('gives a re-created name a new unique id', async () => {
    const { iam } = clientsFor(range, range.identities.admin);
    const first = await iam.send(new CreateUserCommand({ UserName: 'temp' }));
    await iam.send(new DeleteUserCommand({ UserName: 'temp' }));

    const second = await iam.send(new CreateUserCommand({ UserName: 'temp' }));

    expect(first.User?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect(second.User?.UserId).not.toBe(first.User?.UserId);
  });

  it('assumes a role by trust and identity policy, and lists the issued key in the record', async () => {
    const { sts } = clientsFor(range, range.identities.leaked);
    const assume = (role: string): Promise<string> =>
      errorOf(sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::111122223333:role/${role}`, RoleSessionName: 'deploy' })));

    expect(await assume('deploy-target')).toBe('no error');
    expect(await assume('OrganizationAccountAccessRole')).toBe('AccessDenied');
    expect(range.recorded().at(-2)).toMatchObject({
      eventName: 'AssumeRole',
      readOnly: true,
      responseElements: { credentials: { accessKeyId: expect.stringMatching(/^ASIA/) } },
    });
    expect(JSON.stringify(range.recorded())).not.toContain('secretAccessKey');
  });
});

describe('propagation', () => {
  beforeEach(async () => {
    clock = createVirtualClock();
    range = await startRange({ clock, propagationSeconds: { min: 4, max: 4 } });
  });

  it('enforces a deny 4 s after it was put, and shows it at once', async () => {
    const { iam } = clientsFor(range, range.identities.admin);
    const leaked = clientsFor(range, range.identities.leaked);
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' }));

    const early = await errorOf(leaked.iam.send(new GetUserCommand({})));
    await clock.advance(3999);
    const late = await errorOf(leaked.iam.send(new GetUserCommand({})));
    await clock.advance(1);
    const after = await errorOf(leaked.iam.send(new GetUserCommand({})));

    expect([early, late, after]).toEqual(['no error', 'no error', 'AccessDenied']);
    expect(range.iamState().users.find(({ name }) => name === UserName)?.attached).toContain('arn:aws:iam::aws:policy/AWSDenyAll');
  });

  it('keeps a detached deny and an inactive key in force for 4 s more', async () => {
    const { iam } = clientsFor(range, range.identities.admin);
    const leaked = clientsFor(range, range.identities.leaked);
    const key = { UserName, AccessKeyId: range.identities.leaked.accessKeyId };
    await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' }));
    await clock.advance(4000);
    await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' }));
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' }));

    const before = await errorOf(leaked.iam.send(new GetUserCommand({})));
    await clock.advance(4000);
    const after = await errorOf(leaked.iam.send(new GetUserCommand({})));

    expect([before, after]).toEqual(['InvalidClientTokenId', 'no error']);
  });

  it('shows a change to its writer at once and to others 4 s later when reads are stale', async () => {
    range = await startRange({ clock, propagationSeconds: { min: 4, max: 4 }, staleReads: true });
    const writer = clientsFor(range, range.identities.admin).iam;
    const reader = clientsFor(range, range.identities.responder).iam;
    const policies = async (iam: typeof writer): Promise<string[]> =>
      (await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames ?? [];
    await writer.send(new PutUserPolicyCommand({ UserName, PolicyName: 'new', PolicyDocument: D1 }));

    const early = [await policies(writer), await policies(reader)];
    await clock.advance(4000);
    const late = await policies(reader);

    expect(early).toEqual([['new', 'self-service'], ['self-service']]);
    expect(late).toEqual(['new', 'self-service']);
  });
});
