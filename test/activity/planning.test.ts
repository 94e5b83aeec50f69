import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
} from '@aws-sdk/client-iam';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { createHash } from 'node:crypto';
import { describe, it } from 'vitest';
import { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { aContainment, aSignedAlert, aWrite, failureOf, rigsOfThisFile, run } from '../fixtures/activities.js';
import { CI_DEPLOY, clientsOf, deleteCiDeploy, denyResponder, INCIDENT_ID, writesOfResponder } from '../fixtures/range.js';

const ownRig = rigsOfThisFile();
const OTHER_ACCOUNT = '444455556666';

describe.concurrent('resolvePrincipal', () => {
  it('finds the owner of a key, with its path, whatever user name the alert gives', async ({ expect }) => {
    const rig = await ownRig();
    const { accessKeyId } = rig.range.identities.leaked;

    const found = await run(rig.activities.main.resolvePrincipal, await aSignedAlert(rig, { hints: { accessKeyId, userName: 'dana' } }));

    expect(found).toMatchObject({
      found: true,
      accessKeyId,
      principal: { name: CI_DEPLOY, arn: 'arn:aws:iam::111122223333:user/automation/ci-deploy', ownerSubjects: ['omar'] },
    });
  });

  it('says deleted for a key and for a user that are gone', async ({ expect }) => {
    const rig = await ownRig();
    const { accessKeyId } = rig.range.identities.leaked;
    await deleteCiDeploy(rig.range);

    const key = await run(rig.activities.main.resolvePrincipal, await aSignedAlert(rig, { hints: { accessKeyId } }));
    const user = await run(rig.activities.main.resolvePrincipal, await aSignedAlert(rig, { hints: { userName: CI_DEPLOY } }));

    expect(key).toMatchObject({ found: false, why: 'deleted', lockId: `incident/111122223333/key/${accessKeyId}` });
    expect(user).toMatchObject({ found: false, why: 'deleted' });
  });

  it.for([
    ['foreign', 'an account we cannot act in', { account: OTHER_ACCOUNT }],
    ['unknown', 'a key that AWS never gave out', { hints: { accessKeyId: 'AKIANEVERNEVERNEVER1' } }],
    ['unknown', 'neither key nor user', { hints: {} }],
    ['unknown', 'a role that only an ARN names', { principalKind: 'role', hints: { arn: 'arn:aws:iam::111122223333:role/deploy-target' } }],
    ['unsupported', 'a person where there is no Identity Center', { principalKind: 'idcUser', hints: { principalId: '9067f2b1-1' } }],
    ['unknown', 'a session key that no record shows yet', { principalKind: 'session', hints: { accessKeyId: 'ASIAEXAMPLEKEY000001' } }],
  ] as const)('says %s for %s', async ([why, , change], { expect }) => {
    const rig = await ownRig();

    const resolution = await run(rig.activities.main.resolvePrincipal, await aSignedAlert(rig, change));

    expect(resolution).toMatchObject({ found: false, why });
  });

  it('finds the user of an ASIA session by its name', async ({ expect }) => {
    const rig = await ownRig();
    const hints = { accessKeyId: 'ASIAEXAMPLEKEY000001', userName: CI_DEPLOY };

    const resolution = await run(rig.activities.main.resolvePrincipal, await aSignedAlert(rig, { hints }));

    expect(resolution).toMatchObject({ found: true, principal: { name: CI_DEPLOY } });
  });

  it('names the missing permission and does not call the key deleted when AWS denies to look at it', async ({ expect }) => {
    const rig = await ownRig();
    const message = 'User: x is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key AKIAX';
    const effect = { kind: 'error', code: 'AccessDenied', status: 403, message } as const;
    rig.range.faults.add({ id: 'denied', match: { api: 'iam:GetAccessKeyLastUsed' }, effect });

    const refused = await failureOf(run(rig.activities.main.resolvePrincipal, await aSignedAlert(rig)));

    expect(refused.type).toBe('PermissionDenied');
    expect(refused.message).toContain('iam:GetAccessKeyLastUsed');
  });
});

describe.concurrent('planContainment', () => {
  it('plans 5 measures under the same hash twice, names the benign workload, and writes nothing', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const { alert, plan, principal, rig } = containment;

    const again = await run(rig.activities.main.planContainment, { incidentId: INCIDENT_ID, principal, alerts: [alert] });

    expect(plan.measures.map(({ measure }) => measure)).toEqual([
      'attachQuarantinePolicy',
      'denyUser',
      'putBoundary',
      'deactivateAccessKey',
      'deactivateAccessKey',
    ]);
    expect(again.planSha256).toBe(plan.planSha256);
    expect(plan.blastRadius).toMatchObject({
      legitimateUseLast24h: true,
      activeKeys: 1,
      notRead: [],
      callers: [{ sourceIp: '198.51.100.24' }],
    });
    expect(plan).toMatchObject({ tier: 'A1', quorum: 1, refusals: [] });
    const keys = plan.before.filter(({ measure }) => measure === 'deactivateAccessKey').map(({ value }) => value);
    expect(new Set(keys)).toEqual(new Set(['Active', 'Inactive']));
    expect(writesOfResponder(rig.range)).toEqual([]);
  });

  it('keeps the snapshot in the evidence store under its own hash', async ({ expect }) => {
    const { plan, principal, rig } = await aContainment(await ownRig());

    const bytes = await rig.evidence.get(plan.snapshotRef);

    expect(createHash('sha256').update(bytes).digest('hex')).toBe(plan.snapshotRef.sha256);
    expect(PrincipalSnapshot.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))).toMatchObject({
      uniqueId: principal.uniqueId,
      groups: ['ci-runners'],
      notRead: [],
    });
  });

  it('leaves the managed layer out and says so when the account has no quarantine policy', async ({ expect }) => {
    const { plan } = await aContainment(await ownRig({ quarantinePolicyPresent: false }));

    expect(plan.measures).toHaveLength(4);
    expect(plan.doesNotStop.join()).toContain('policy/ir/IRQuarantine is absent');
  });

  it.for([
    ['iam:ListUserTags', 'tags'],
    ['cloudtrail:LookupEvents', 'events of us-east-1'],
    ['iam:GetPolicy', 'quarantine policy'],
    ['iam:ListUserPolicies', 'inline policies'],
    ['iam:ListGroupsForUser', 'groups'],
    ['iam:ListAttachedUserPolicies', 'attached policies'],
  ] as const)('plans without %s, names what was not read and asks for at least 1 person', async ([api, part], { expect }) => {
    const rig = await ownRig();
    const containment = await aContainment(rig);
    rig.time.aheadMs = 21_000; // past the 20 s for which a reading of CloudTrail is shared
    const alert = await aSignedAlert(rig, { facts: { ...containment.alert.facts, score: 9 } });
    rig.range.faults.add({ id: 'denied', match: { api }, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });

    const plan = await run(rig.activities.main.planContainment, {
      incidentId: INCIDENT_ID,
      principal: containment.principal,
      alerts: [alert],
    });

    expect([...plan.blastRadius.notRead, ...plan.doesNotStop].join()).toContain(part);
    expect(plan).toMatchObject({ tier: 'A1', quorum: 1 });
    expect(plan.measures.map(({ measure }) => measure)).toContain('denyUser');
  });

  it('asks for 1 person for a public key too when the tags cannot be read', async ({ expect }) => {
    const rig = await ownRig();
    const { alert, principal } = await aContainment(rig, { publicExposure: true });
    rig.range.faults.add({
      id: 'denied',
      match: { api: 'iam:ListUserTags' },
      effect: { kind: 'error', code: 'AccessDenied', status: 403 },
    });

    const plan = await run(rig.activities.main.planContainment, { incidentId: INCIDENT_ID, principal, alerts: [alert] });

    expect(plan).toMatchObject({ tier: 'A1', quorum: 1 });
  });

  it('never plans to arm a key that was made in the compromise window', async ({ expect }) => {
    const rig = await ownRig();
    const { iam } = clientsOf(rig.range, 'admin');
    const { alert, plan: first, principal } = await aContainment(rig);
    const retired = first.before.find(({ value }) => value === 'Inactive')?.target;
    await iam.send(new DeleteAccessKeyCommand({ UserName: CI_DEPLOY, AccessKeyId: retired }));
    const { AccessKey: made } = await iam.send(new CreateAccessKeyCommand({ UserName: CI_DEPLOY }));

    const plan = await run(rig.activities.main.planContainment, { incidentId: INCIDENT_ID, principal, alerts: [alert] });

    expect(plan.before.find(({ target }) => target === made?.AccessKeyId)?.value).toBe('Inactive');
  });

  it('refuses a user that is gone and one that never was', async ({ expect }) => {
    const rig = await ownRig();
    const { iam } = clientsOf(rig.range, 'admin');
    await iam.send(new CreateUserCommand({ UserName: 'short-lived' }));
    const { alert, principal } = await aContainment(rig, { hints: { userName: 'short-lived' } });
    await iam.send(new DeleteUserCommand({ UserName: 'short-lived' }));

    const refused = await failureOf(run(rig.activities.main.planContainment, { incidentId: INCIDENT_ID, principal, alerts: [alert] }));

    expect(refused).toMatchObject({ type: 'TargetNotFound', retryable: false });
  });
});

describe.concurrent('scoreSignals', () => {
  const score = (containment: Awaited<ReturnType<typeof aContainment>>) => {
    const { alert, principal, rig } = containment;
    return run(rig.activities.main.scoreSignals, { incidentId: INCIDENT_ID, alerts: [alert], principal, ownerStatements: [] });
  };

  it('adds 60 when AWS itself attached AWSCompromisedKeyQuarantine', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const before = await score(containment);
    const PolicyArn = 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3';
    await clientsOf(containment.rig.range, 'admin').iam.send(new AttachUserPolicyCommand({ UserName: CI_DEPLOY, PolicyArn }));

    const after = await score(containment);

    expect(after.sum - before.sum).toBe(60);
    expect(after.signals.map(({ id }) => id)).toContain('awsQuarantined');
  });

  it('takes what AWS does not tell for neither yes nor no', async ({ expect }) => {
    const containment = await aContainment(await ownRig());
    const told = await score(containment);
    await denyResponder(containment.rig.range, 'iam:ListAttachedUserPolicies');

    const untold = await score(containment);

    expect(untold.sum).toBe(told.sum);
  });
});

it('no activity result and no evidence holds a secret key or session token of the account', async ({ expect }) => {
  const rig = await ownRig();
  const { identities } = rig.range;
  const { Credentials: session } = await clientsOf(rig.range, 'leaked').sts.send(new GetSessionTokenCommand({}));
  const containment = await aContainment(rig);
  const { alert, plan, principal } = containment;
  const planted = [
    ...Object.values(identities).map((one) => one.secretAccessKey),
    session?.SecretAccessKey ?? '',
    session?.SessionToken ?? '',
  ];

  const results = [
    containment.plan,
    await run(rig.activities.main.resolvePrincipal, alert),
    await run(rig.activities.main.scoreSignals, { incidentId: INCIDENT_ID, alerts: [alert], principal, ownerStatements: [] }),
    await run(rig.activities.respond.denyUser, await aWrite(containment, 'denyUser')),
    await run(rig.activities.lookup.lookupPrincipalEvents, {
      incidentId: INCIDENT_ID,
      principal,
      accessKeyIds: [],
      issuedKeyIds: [],
      firstDenyAt: alert.firstSeenAt,
      effectiveFromAt: alert.firstSeenAt,
      configuration: { confirmed: true, simulation: 'explicitDeny', keysInactive: true, missing: [], notes: [] },
      waits: (await run(rig.activities.main.loadPlaybook, { playbookId: 'compromised-credentials', openedAt: alert.receivedAt })).waits,
    }),
  ];
  const text = JSON.stringify(results) + Buffer.from(await rig.evidence.get(plan.snapshotRef)).toString('utf8');

  expect(planted.every((secret) => secret.length >= 40)).toBe(true);
  expect(text).toContain(session?.AccessKeyId);
  for (const secret of planted) expect(text).not.toContain(secret);
});
