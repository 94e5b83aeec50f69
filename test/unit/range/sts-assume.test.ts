import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  CreateSAMLProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteSAMLProviderCommand,
  GetUserCommand,
  ListOpenIDConnectProvidersCommand,
  ListSAMLProvidersCommand,
  ListUsersCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  AssumeRoleCommand,
  AssumeRoleWithSAMLCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, fromSts, lastRecordOf, policyText, trustText, type TestCredentials } from './clients.js';
import { assumed, DATA, EXTERNAL_ID, HUB, incidentRole, MAIN, orchestrator } from './organization-fixtures.js';

const BOUNDARY = 'arn:aws:iam::aws:policy/PowerUserAccess';

let range: Range;
let clock: VirtualClock;
let admin: IAMClient;

beforeEach(async () => {
  clock = createVirtualClock();
  const none = { min: 0, max: 0 };
  range = await startRange({ scenario: 'organization', clock, propagationSeconds: none, cloudTrailDelaySeconds: none });
  admin = clientsFor(range, range.identities.admin).iam;
});

async function makeRole(RoleName: string, AssumeRolePolicyDocument: string): Promise<string> {
  const { Role } = await admin.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, MaxSessionDuration: 43_200 }));
  await admin.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
  return Role?.Arn ?? '';
}

const lists = (credentials: TestCredentials): Promise<string> => errorOf(clientsFor(range, credentials).iam.send(new ListUsersCommand({})));
const target = (): Promise<TestCredentials> =>
  assumed(range, range.identities.leaked, { RoleArn: `arn:aws:iam::${MAIN}:role/deploy-target` });

describe('across accounts', () => {
  it('needs both sides: the identity policy of the caller and the trust of the role', async () => {
    const cross = { RoleArn: `arn:aws:iam::${DATA}:role/cross-deploy` };
    const open = { RoleArn: `arn:aws:iam::${DATA}:role/OrganizationAccountAccessRole` };
    const piet = clientsFor(range, range.accountKeys[DATA]?.['admin-piet'] ?? range.identities.admin).iam;
    const AssumeRolePolicyDocument = trustText({ AWS: `arn:aws:iam::${MAIN}:user/people/dana` });
    await piet.send(new CreateRoleCommand({ RoleName: 'for-dana', AssumeRolePolicyDocument }));

    const session = await assumed(range, await target(), cross);

    expect((await clientsFor(range, session).sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${DATA}:assumed-role/cross-deploy/ir-test`,
    );
    expect(await errorOf(assumed(range, range.identities.admin, cross))).toBe('AccessDenied');
    expect(await errorOf(assumed(range, range.identities.admin, open))).toBe('AccessDenied');
    expect(await errorOf(assumed(range, range.identities.innocent, { RoleArn: `arn:aws:iam::${DATA}:role/for-dana` }))).toBe(
      'AccessDenied',
    );
  });

  it('is recorded in both accounts with one sharedEventID; the owner learns the account and the unique id of the caller', async () => {
    const session = await assumed(range, await target(), { RoleArn: `arn:aws:iam::${DATA}:role/cross-deploy` });
    const [callers, owners] = range.recorded().slice(-2);
    const piet = clientsFor(range, range.accountKeys[DATA]?.['admin-piet'] ?? range.identities.admin).cloudtrail;
    const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: session.accessKeyId }];
    const { Events = [] } = await piet.send(new LookupEventsCommand({ LookupAttributes }));

    expect(callers).toMatchObject({
      eventName: 'AssumeRole',
      recipientAccountId: MAIN,
      userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::${MAIN}:assumed-role/deploy-target/ir-test` },
    });
    expect(owners).toMatchObject({
      eventName: 'AssumeRole',
      recipientAccountId: DATA,
      requestID: callers?.requestID,
      sharedEventID: callers?.sharedEventID,
      resources: [{ accountId: DATA, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${DATA}:role/cross-deploy` }],
    });
    expect(owners?.userIdentity).toEqual({
      type: 'AWSAccount',
      accountId: MAIN,
      principalId: expect.stringMatching(/^AROA[A-Z2-7]{17}:ir-test$/),
    });
    expect(owners?.eventID).not.toBe(callers?.eventID);
    expect(Events.map(({ EventId }) => EventId)).toEqual([owners?.eventID]);
  });

  it('is recorded only where the caller is when it was refused', async () => {
    const before = range.recorded().length;
    await errorOf(assumed(range, range.identities.admin, { RoleArn: `arn:aws:iam::${DATA}:role/cross-deploy` }));

    expect(range.recorded().slice(before)).toMatchObject([{ recipientAccountId: MAIN, errorCode: 'AccessDenied' }]);
  });

  it('lasts an hour at most when chained', async () => {
    const RoleArn = `arn:aws:iam::${DATA}:role/cross-deploy`;
    const first = await target();

    expect(await errorOf(assumed(range, first, { RoleArn, DurationSeconds: 3601 }))).toBe('ValidationError');
    expect(await errorOf(assumed(range, first, { RoleArn, DurationSeconds: 3600 }))).toBe('no error');
  });
});

describe('within an account', () => {
  it("lets in a user whom the trust names without a policy of his own, and needs one where it names the account's root", async () => {
    const named = await makeRole('named', trustText({ AWS: `arn:aws:iam::${MAIN}:user/people/dana` }));
    const open = await makeRole('open', trustText({ AWS: `arn:aws:iam::${MAIN}:root` }));

    expect(await errorOf(assumed(range, range.identities.innocent, { RoleArn: named }))).toBe('no error');
    expect(await errorOf(assumed(range, range.identities.innocent, { RoleArn: open }))).toBe('AccessDenied');
    expect(await errorOf(assumed(range, range.identities.admin, { RoleArn: open }))).toBe('no error');
  });

  it('keeps out even a named user under an explicit deny', async () => {
    const RoleArn = await makeRole('named', trustText({ AWS: `arn:aws:iam::${MAIN}:user/people/dana` }));
    await admin.send(
      new PutUserPolicyCommand({ UserName: 'dana', PolicyName: 'deny', PolicyDocument: policyText('Deny', 'sts:AssumeRole') }),
    );

    expect(await errorOf(assumed(range, range.identities.innocent, { RoleArn }))).toBe('AccessDenied');
  });
});

describe('a role of incident response', () => {
  const reader = { RoleArn: `arn:aws:iam::${MAIN}:role/ir/Reader`, ExternalId: EXTERNAL_ID, SourceIdentity: 'INC-1' };

  it.each([
    ['the right ExternalId and SourceIdentity', {}, 'no error'],
    ['another ExternalId', { ExternalId: 'guessed' }, 'AccessDenied'],
    ['no ExternalId', { ExternalId: undefined }, 'AccessDenied'],
    ['no SourceIdentity', { SourceIdentity: undefined }, 'AccessDenied'],
    ['a SourceIdentity of no incident', { SourceIdentity: 'olga' }, 'AccessDenied'],
    ['more than an hour', { DurationSeconds: 3700 }, 'ValidationError'],
  ])('opens to the orchestrator with %s: %s', async (...[, change, expected]) => {
    expect(await errorOf(assumed(range, await orchestrator(range), { ...reader, ...change }))).toBe(expected);
  });

  it('opens to nobody else, in its own account or another', async () => {
    expect(await errorOf(assumed(range, range.identities.admin, reader))).toBe('AccessDenied');
    expect(await errorOf(assumed(range, range.identities.orchestrator ?? range.identities.admin, reader))).toBe('AccessDenied');
  });

  it('shows its incident in every call, and is narrowed by a session policy', async () => {
    const Policy = policyText('Allow', 'iam:GetUser');
    const narrow = await assumed(range, await orchestrator(range), { ...reader, Policy });
    const { iam } = clientsFor(range, narrow);

    expect(await errorOf(iam.send(new GetUserCommand({ UserName: 'dana' })))).toBe('no error');
    expect(await lists(narrow)).toBe('AccessDenied');
    expect(range.calls().at(-1)).toMatchObject({ api: 'iam:ListUsers', sourceIdentity: 'INC-1', accountId: MAIN });
    expect(lastRecordOf(range, 'GetUser')?.userIdentity.sessionContext?.sourceIdentity).toBe('INC-1');
  });

  it('carries session tags into conditions: the responder may put back the one boundary it was opened for', async () => {
    const base = await orchestrator(range);
    const RoleArn = `arn:aws:iam::${MAIN}:role/ir/Responder`;
    const tagged = await assumed(range, base, { ...reader, RoleArn, Tags: [{ Key: 'ir-boundary', Value: BOUNDARY }] });
    const plain = await assumed(range, base, { ...reader, RoleArn });
    const put = (credentials: TestCredentials): Promise<string> =>
      errorOf(
        clientsFor(range, credentials).iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'dana', PermissionsBoundary: BOUNDARY })),
      );

    expect(await put(plain)).toBe('AccessDenied');
    expect(await put(tagged)).toBe('no error');
  });

  it('needs the permission to pass tags on both sides', async () => {
    const RoleArn = await makeRole('untagged', trustText({ AWS: `arn:aws:iam::${MAIN}:root` }));
    const { sts } = clientsFor(range, range.identities.admin);
    const Tags = [{ Key: 'team', Value: 'web' }];

    await expect(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'tagged', Tags }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('sts:TagSession'),
    });
  });

  it('hands its source identity on only to a role whose trust allows that', async () => {
    const inHub = await incidentRole(range, { account: HUB, role: 'Reader' });

    expect(await errorOf(assumed(range, inHub, { RoleArn: `arn:aws:iam::${MAIN}:role/deploy-target` }))).toBe('AccessDenied');
  });
});

describe('with an assertion', () => {
  const federated = (action: string, provider: string, condition: object = {}): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Federated: provider }, Action: action, Condition: condition }],
    });
  const anonymous = () => clientsFor(range, { accessKeyId: '', secretAccessKey: '' }).sts;

  it('of a SAML provider: a session, recorded as SAMLUser with the key it got; without the provider no more', async () => {
    const { SAMLProviderArn: provider = '' } = await admin.send(
      new CreateSAMLProviderCommand({ Name: 'corp', SAMLMetadataDocument: 'x'.repeat(1000) }),
    );
    const RoleArn = await makeRole('sso', federated('sts:AssumeRoleWithSAML', provider));
    const SAMLAssertion = range.identityProvider.issue({ provider, subject: 'eve', roles: [RoleArn] });
    const login = () => anonymous().send(new AssumeRoleWithSAMLCommand({ RoleArn, PrincipalArn: provider, SAMLAssertion }));

    const { Credentials, AssumedRoleUser } = await login();
    const record = lastRecordOf(range, 'AssumeRoleWithSAML');
    const known = (await admin.send(new ListSAMLProvidersCommand({}))).SAMLProviderList?.map(({ Arn }) => Arn);
    await admin.send(new DeleteSAMLProviderCommand({ SAMLProviderArn: provider }));

    expect(known).toContain(provider);
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${MAIN}:assumed-role/sso/eve`);
    expect(record).toMatchObject({
      userIdentity: { type: 'SAMLUser', userName: 'eve', identityProvider: provider },
      requestParameters: { roleArn: RoleArn, principalArn: provider, roleSessionName: 'eve' },
      responseElements: { credentials: { accessKeyId: Credentials?.AccessKeyId }, subject: 'eve' },
      readOnly: true,
      recipientAccountId: MAIN,
    });
    expect(JSON.stringify(record)).not.toContain(SAMLAssertion);
    expect(await errorOf(login())).toBe('InvalidIdentityTokenException');
    expect(await lists(fromSts(Credentials))).toBe('no error');
  });

  it('of an OpenID Connect provider: by subject and audience', async () => {
    const { OpenIDConnectProviderArn: provider = '' } = await admin.send(
      new CreateOpenIDConnectProviderCommand({ Url: 'https://tokens.example.com/ci', ClientIDList: ['sts.amazonaws.com'] }),
    );
    const condition = { StringEquals: { 'tokens.example.com/ci:aud': 'sts.amazonaws.com', 'tokens.example.com/ci:sub': 'repo:acme' } };
    const RoleArn = await makeRole('ci', federated('sts:AssumeRoleWithWebIdentity', provider, condition));
    const login = (subject: string) => {
      const WebIdentityToken = range.identityProvider.issue({ provider, subject });
      return anonymous().send(new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'job-7', WebIdentityToken }));
    };

    const { Credentials, SubjectFromWebIdentityToken } = await login('repo:acme');

    expect(SubjectFromWebIdentityToken).toBe('repo:acme');
    expect(lastRecordOf(range, 'AssumeRoleWithWebIdentity')).toMatchObject({
      userIdentity: { type: 'WebIdentityUser', userName: 'repo:acme', identityProvider: 'tokens.example.com/ci' },
      responseElements: { credentials: { accessKeyId: Credentials?.AccessKeyId } },
    });
    expect(await errorOf(login('repo:evil'))).toBe('AccessDenied');
    expect((await admin.send(new ListOpenIDConnectProvidersCommand({}))).OpenIDConnectProviderList).toEqual([{ Arn: provider }]);
    await admin.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider }));
    expect(await errorOf(login('repo:acme'))).toBe('InvalidIdentityTokenException');
  });

  it('that nobody can read is refused, and so is a call that nobody signed at all', async () => {
    const RoleArn = `arn:aws:iam::${MAIN}:role/deploy-target`;
    const bad = new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'job-7', WebIdentityToken: 'nonsense' });

    expect(await errorOf(anonymous().send(bad))).toBe('InvalidIdentityTokenException');
  });
});
