import { CreateRoleCommand, GetUserCommand, IAMClient, PutRolePolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDirectAccess, createSpokeAccess, type SdkAccess, type SpokeAccessDeps } from '../../../src/adapters/aws/access.js';
import type { AccessScope } from '../../../src/ports/aws-access.js';
import { realClock } from '../../../src/range/clock/clock.js';
import type { Range } from '../../../src/range/index.js';
import { aRange, CI_DEPLOY, clientsOf, INCIDENT_ID } from '../../fixtures/range.js';

const MINUTE_MS = 60_000;
const ACCOUNT = '111122223333';
const EXTERNAL_ID = 'tourniquet-acme';
const target = { arn: `arn:aws:iam::${ACCOUNT}:user/automation/${CI_DEPLOY}` };
const withoutTarget: AccessScope = { account: ACCOUNT, role: 'Responder', incidentId: INCIDENT_ID };
const responder: AccessScope = { ...withoutTarget, target };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/ir/Responder`;
const DANA = `arn:aws:iam::${ACCOUNT}:user/people/dana`;
const ORCHESTRATOR = `arn:aws:iam::${ACCOUNT}:role/ir/Orchestrator`;
const policyText = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const DENY = policyText({ Effect: 'Deny', Action: '*', Resource: '*' });

let range: Range;
let accountAheadMs: number;
beforeEach(async () => {
  accountAheadMs = 0;
  range = await aRange({ clock: { ...realClock, now: () => Date.now() + accountAheadMs } });
});
afterEach(() => range.stop());

const credentialsOf = (identity: 'responder' | 'restorer' | 'innocent') => ({
  endpoint: range.endpoint,
  credentials: range.identities[identity],
});
const putDeny = (UserName: string): PutUserPolicyCommand =>
  new PutUserPolicyCommand({ UserName, PolicyName: 'IRQuarantine', PolicyDocument: DENY });
/** The records of the roles that we opened; the account has a past with others. */
const assumed = () =>
  range
    .recorded()
    .filter(({ eventName, requestParameters }) => eventName === 'AssumeRole' && JSON.stringify(requestParameters).includes('role/ir/'));

describe('direct access', () => {
  const direct = (): SdkAccess => {
    const Responder = credentialsOf('responder');
    return createDirectAccess({ Reader: Responder, Responder, Restorer: credentialsOf('restorer') });
  };

  it('is one client per role, whatever the rest of the scope says', () => {
    const access = direct();
    const reading: AccessScope = { account: ACCOUNT, role: 'Reader' };

    expect(access.iam({ ...responder, incidentId: 'INC-20261122-BBBBBBBB' })).toBe(access.iam(responder));
    expect(access.ec2({ ...reading, account: '333344445555' }, 'eu-central-1')).toBe(access.ec2(reading, 'eu-central-1'));
    expect(access.ec2(reading, 'eu-west-1')).not.toBe(access.ec2(reading, 'eu-central-1'));
    expect(access.iam({ ...reading, role: 'Restorer' })).not.toBe(access.iam(reading));
  });

  it('calls with the identity of the role and opens no session', async () => {
    const access = direct();

    const { Arn: asResponder } = await access.sts(responder).send(new GetCallerIdentityCommand({}));
    const { Arn: asRestorer } = await access.sts({ ...responder, role: 'Restorer' }).send(new GetCallerIdentityCommand({}));

    expect([asResponder, asRestorer]).toEqual([
      `arn:aws:iam::${ACCOUNT}:user/ir/tourniquet-responder`,
      `arn:aws:iam::${ACCOUNT}:user/ir/tourniquet-restorer`,
    ]);
    expect(assumed()).toEqual([]);
    expect(access.callerChain()).toEqual([]);
  });

  it('opens IAM with credentials that a call just gave', async () => {
    const { accessKeyId, secretAccessKey } = range.identities.restorer;

    const client = direct().iamWith({ accessKeyId, secretAccessKey, sessionToken: 'of nobody' });

    expect(client).toBeInstanceOf(IAMClient);
    await expect(client.send(new GetUserCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });
});

/** The roles of one spoke, opened from a user of the same account. */
describe('spoke access', () => {
  let ourAheadMs: number;
  const spoke = (organization: Partial<SpokeAccessDeps['organization']> = {}): SdkAccess =>
    createSpokeAccess({
      base: credentialsOf('innocent'),
      organization: { externalId: EXTERNAL_ID, ...organization },
      nowMs: () => Date.now() + ourAheadMs,
    });

  beforeEach(async () => {
    ourAheadMs = 0;
    const { iam } = clientsOf(range, 'admin');
    const trusting = (AWS: string[], Condition = {}): string =>
      policyText({ Effect: 'Allow', Principal: { AWS }, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'], Condition });
    const open = policyText({ Effect: 'Allow', Action: ['sts:*', 'iam:*'], Resource: '*' });
    const ofUs = trusting([DANA, ORCHESTRATOR], { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } });
    await iam.send(new PutUserPolicyCommand({ UserName: 'dana', PolicyName: 'orchestrates', PolicyDocument: open }));
    for (const [RoleName, AssumeRolePolicyDocument] of [
      ['Orchestrator', trusting([DANA])],
      ['Responder', ofUs],
    ]) {
      await iam.send(new CreateRoleCommand({ RoleName, Path: '/ir/', AssumeRolePolicyDocument }));
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument: open }));
    }
  });

  it('opens one session for a scope, in the name of the incident, however many ask at once', async () => {
    const access = spoke();

    const who = await Promise.all([1, 2, 3].map(() => access.sts(responder).send(new GetCallerIdentityCommand({}))));
    await access.iam(responder).send(new GetUserCommand({ UserName: 'dana' }));

    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Responder/ir-${INCIDENT_ID}-Responder`;
    expect(who.map(({ Arn }) => Arn)).toEqual([session, session, session]);
    expect(assumed()).toHaveLength(1);
    expect(assumed()[0]).toMatchObject({
      requestParameters: { sourceIdentity: INCIDENT_ID, externalId: EXTERNAL_ID, durationSeconds: 900 },
    });
    expect(range.recorded().findLast(({ eventName }) => eventName === 'GetUser')).toMatchObject({
      userIdentity: { sessionContext: { sourceIdentity: INCIDENT_ID } },
    });
  });

  it('writes on the target, and on nothing else', async () => {
    const access = spoke();

    await access.iam(responder).send(putDeny(CI_DEPLOY));

    await expect(access.iam(responder).send(putDeny('dana'))).rejects.toThrow(/no session policy allows/);
    await expect(access.iam(withoutTarget).send(putDeny(CI_DEPLOY))).rejects.toThrow(/no session policy allows/);
    expect(range.iamState().users.find(({ name }) => name === CI_DEPLOY)?.inline).toHaveProperty('IRQuarantine');
  });

  it('fails as the call that needed it when the external id is wrong, and tries again with the next call', async () => {
    const access = spoke({ externalId: 'another' });

    await expect(access.iam(responder).send(putDeny(CI_DEPLOY))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(access.iam(responder).send(putDeny(CI_DEPLOY))).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(assumed().map(({ errorCode }) => errorCode)).toEqual(['AccessDenied', 'AccessDenied']);
  });

  it('asks AWS for nothing when the incident id is none', async () => {
    const calling = spoke()
      .iam({ ...responder, incidentId: 'alice' })
      .send(putDeny(CI_DEPLOY));

    await expect(calling).rejects.toMatchObject({ type: 'InvalidPayload' });
    expect(assumed()).toEqual([]);
  });

  it('holds a session of 15 minutes for 13', async () => {
    const access = spoke();
    const call = () => access.iam(responder).send(new GetUserCommand({ UserName: 'dana' }));
    await call();

    ourAheadMs = accountAheadMs = 12.9 * MINUTE_MS;
    await call();
    const before = assumed().length;
    ourAheadMs = accountAheadMs = 13.1 * MINUTE_MS;
    await Promise.all([call(), call()]);

    expect([before, assumed().length]).toEqual([1, 2]);
  });

  it('repeats a call once with a new session when AWS says that it has expired', async () => {
    const access = spoke();
    await access.iam(responder).send(new GetUserCommand({ UserName: 'dana' }));

    accountAheadMs = 16 * MINUTE_MS;
    await access.iam(responder).send(putDeny(CI_DEPLOY));

    expect(assumed()).toHaveLength(2);
    expect(range.recorded().filter(({ eventName }) => eventName === 'PutUserPolicy')).toHaveLength(2);
  });

  it('opens a session of its own for another incident, target or boundary', async () => {
    const access = spoke();
    const call = (scope: AccessScope) => access.iam(scope).send(new GetUserCommand({ UserName: 'dana' }));

    await call(responder);
    await call({ ...responder, incidentId: 'INC-20261122-BBBBBBBB' });
    await call({ ...responder, target: { arn: `arn:aws:iam::${ACCOUNT}:user/people/dana` } });
    await call({ ...responder, boundary: `arn:aws:iam::${ACCOUNT}:policy/Ceiling` });

    expect(assumed()).toHaveLength(4);
    expect(access.iam({ ...responder })).toBe(access.iam(responder));
  });

  it('goes over the orchestrator, once for all scopes, and sets the source identity after it', async () => {
    const access = spoke({ orchestratorRoleArn: ORCHESTRATOR });
    const who = (client: STSClient) => client.send(new GetCallerIdentityCommand({}));

    await who(access.sts(responder));
    await who(access.sts({ ...responder, incidentId: 'INC-20261122-BBBBBBBB' }));

    expect((await Promise.all(access.callerChain().map(who))).map(({ Arn }) => Arn)).toEqual([
      DANA,
      `arn:aws:sts::${ACCOUNT}:assumed-role/Orchestrator/ir-orchestrator`,
    ]);
    expect(assumed().map(({ requestParameters: asked }) => [asked?.['roleArn'], asked?.['sourceIdentity']])).toEqual([
      [ORCHESTRATOR, undefined],
      [ROLE, INCIDENT_ID],
      [ROLE, 'INC-20261122-BBBBBBBB'],
    ]);
  });
});
