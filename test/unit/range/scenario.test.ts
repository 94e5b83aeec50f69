import { AttachUserPolicyCommand, PutUserPolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type NarratedLine, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor } from './clients.js';

const D1 = JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'IRQuarantine', Effect: 'Deny', Action: '*', Resource: '*' }] });

/** What a responder does at once, in AWS calls: managed deny, inline deny, key off. */
async function contain(range: Range): Promise<void> {
  const { iam } = clientsFor(range, range.identities.responder);
  const UserName = 'ci-deploy';
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: `arn:aws:iam::${range.accountId}:policy/ir/IRQuarantine` }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'IRQuarantine-INC-1', PolicyDocument: D1 }));
  await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: range.identities.leaked.accessKeyId, Status: 'Inactive' }));
}

async function drill(seed: number): Promise<{ range: Range; clock: VirtualClock; lines: NarratedLine[] }> {
  const clock = createVirtualClock();
  const lines: NarratedLine[] = [];
  const range = await startRange({ clock, seed, onNarrate: (line) => void lines.push(line) });
  range.startActors();
  await clock.advance(12_000);
  await contain(range);
  await clock.advance(30_000);
  await range.stop();
  return { range, clock, lines };
}

describe('the scenario leaked-user-key', () => {
  it('has an opportunist who re-activates the key and strips the inline deny once, and is then refused its CreateUser', async () => {
    const { range } = await drill(1);
    const acts = range.ledger().filter(({ actor }) => actor === 'opportunist');
    const allowed = (api: string): number => acts.filter((act) => act.api === api && act.allowed).length;

    expect(allowed('iam:UpdateAccessKey')).toBe(1);
    expect(allowed('iam:DeleteUserPolicy')).toBe(1);
    expect(
      acts
        .filter(({ api, errorCode }) => api === 'iam:CreateUser' && errorCode !== 'InvalidClientTokenId')
        .map(({ allowed: was, errorCode }) => ({ was, errorCode })),
    ).toEqual([{ was: false, errorCode: 'AccessDenied' }]);
    expect(range.iamState().users.map(({ name }) => name)).not.toContain('support-svc');
  });

  it('holds the session after the managed deny: every call of it is AccessDenied and recorded', async () => {
    const { range } = await drill(1);

    const late = range
      .ledger()
      .filter(({ actor, accessKeyId }) => actor === 'opportunist' && accessKeyId.startsWith('ASIA'))
      .slice(-4);

    expect(late.map(({ api, allowed }) => [api, allowed])).toEqual([
      ['cloudtrail:DescribeTrails', false],
      ['sts:AssumeRole', false],
      ['cloudtrail:DescribeTrails', false],
      ['sts:AssumeRole', false],
    ]);
    expect(
      late.every(({ eventId }) => range.recorded().some((record) => record.eventID === eventId && record.errorCode === 'AccessDenied')),
    ).toBe(true);
    expect(range.attackerAccess().map(({ alive }) => alive)).toEqual([false, false]);
  });

  it('leaves the innocent user untouched', async () => {
    const { range } = await drill(1);

    const hers = range.ledger().filter(({ actor }) => actor === 'innocent');

    expect(hers.length).toBeGreaterThanOrEqual(5);
    expect(hers.filter(({ allowed }) => !allowed)).toEqual([]);
  });

  it.each([1, 7, 42])('plays out the same twice with seed %i: ledger, records, alerts and words', async (seed) => {
    const first = await drill(seed);
    const second = await drill(seed);

    expect(second.range.ledger()).toEqual(first.range.ledger());
    expect(second.range.recorded()).toEqual(first.range.recorded());
    expect(second.range.alertsSent()).toEqual(first.range.alertsSent());
    expect(second.lines).toEqual(first.lines);
  });

  it('sends GuardDuty and Health 2 to 4 s after the first malicious call, each twice', async () => {
    const { range } = await drill(3);
    const shapes = range.alertsSent().map((alert) => JSON.parse(JSON.stringify(alert)));
    const guardDuty = shapes.filter(({ source }) => source === 'aws.guardduty');
    const health = shapes.filter(({ source }) => source === 'aws.health');
    const firstCall = Date.parse(range.ledger().find(({ actor }) => actor === 'opportunist')?.at ?? '');

    expect(guardDuty.map(({ detail }) => detail.service.count)).toEqual([1, 2]);
    expect(guardDuty[1].detail.id).toBe(guardDuty[0].detail.id);
    expect(Date.parse(guardDuty[1].detail.updatedAt)).toBeGreaterThan(Date.parse(guardDuty[0].detail.updatedAt));
    expect(Date.parse(guardDuty[0].detail.updatedAt) - firstCall).toBeGreaterThanOrEqual(2000);
    expect(Date.parse(guardDuty[0].detail.updatedAt) - firstCall).toBeLessThanOrEqual(4000);
    expect(guardDuty[0].detail.resource.accessKeyDetails).toMatchObject({
      accessKeyId: range.identities.leaked.accessKeyId,
      userName: 'ci-deploy',
      userType: 'IAMUser',
    });
    expect(health).toHaveLength(2);
    expect(health[1]).toEqual(health[0]);
    expect(health[0].detail.affectedEntities[0].entityValue).toBe(range.identities.leaked.accessKeyId);
  });

  it('has 24 h of history in which ci-deploy works from 198.51.100.24 only', async () => {
    const range = await startRange({ clock: createVirtualClock() });

    const past = range.recorded().filter(({ userIdentity }) => userIdentity.userName === 'ci-deploy');

    expect(past.length).toBe(48 * 3);
    expect(new Set(past.map(({ sourceIPAddress }) => sourceIPAddress))).toEqual(new Set(['198.51.100.24']));
  });

  it('can lack the quarantine policy', async () => {
    const range = await startRange({ clock: createVirtualClock(), quarantinePolicyPresent: false });

    expect(range.iamState().policies.map(({ arn }) => arn)).not.toContain('arn:aws:iam::111122223333:policy/ir/IRQuarantine');
  });

  it('runs over HTTP in real time: the attacker acts, its own calls are signed and recorded', async () => {
    const range = await startRange({ port: 0, cloudTrailDelaySeconds: { min: 0, max: 0 } });
    range.startActors(['opportunist']);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await range.stop();

    expect(range.ledger().filter(({ allowed }) => allowed).length).toBeGreaterThanOrEqual(8);
    expect(range.attackerAccess().map(({ alive }) => alive)).toEqual([true, true]);
  });
});
