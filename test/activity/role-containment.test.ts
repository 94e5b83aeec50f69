import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, type Credentials } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecentCallers } from '../../activities/aws/recent-callers.js';
import { createLookupPrincipalEvents } from '../../activities/investigate/lookup-principal-events.js';
import type { MeasureResult } from '../../src/contracts/measure.js';
import { CloudTrailRecord } from '../../src/domain/cloudtrail/record.js';
import type { EventHistory, EventQuery } from '../../src/ports/event-history.js';
import { aContainmentOf, activitiesOf, anUndo, aRig, aWrite, type Containment, type Rig, run } from '../fixtures/activities.js';
import { aRole, trusting } from '../fixtures/iam-things.js';
import { shippedPolicies } from '../fixtures/policies.js';
import { clientsOf, INCIDENT_ID } from '../fixtures/range.js';
import { principalOf } from '../fixtures/restore.js';

const OUTSIDE = 'arn:aws:iam::999988887777:root';
const RoleArn = 'arn:aws:iam::111122223333:role/made/svc-door';
let rig: Rig;
let containment: Containment;
let session: Partial<Credentials>;
beforeAll(async () => {
  rig = await aRig();
  await aRole(clientsOf(rig.range, 'admin').iam, 'svc-door', OUTSIDE);
  session = (await assume()) ?? {};
  containment = await aContainmentOf(rig, await principalOf(rig, RoleArn));
});
afterAll(() => rig.close());

/** From the attacker's own account; undefined when AWS refuses. */
async function assume(): Promise<Credentials | undefined> {
  const { sts } = clientsOf(rig.range, 'outsider');
  return sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'sync' })).then(
    ({ Credentials: given }) => given,
    () => undefined,
  );
}

async function sessionCalls(): Promise<string> {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = session;
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const ec2 = new EC2Client({ region: 'us-east-1', endpoint: rig.range.endpoint, credentials, maxAttempts: 1 });
  return ec2.send(new DescribeInstancesCommand({})).then(
    () => 'allowed',
    (error: unknown) => (error instanceof Error ? error.name : 'failed'),
  );
}

describe('the containment of a role', () => {
  it('plans 4 measures and says that the whole role stops', () => {
    const { plan } = containment;

    expect(plan.measures.map(({ measure, layer }) => [measure, layer])).toEqual([
      ['attachQuarantinePolicy', 'deny'],
      ['denyRole', 'deny'],
      ['putBoundary', 'deny'],
      ['closeTrust', 'trust'],
    ]);
    expect(plan.recovery.map(({ measure, calls }) => [measure, calls[0]?.api])).toEqual([['revokeSessions', 'iam:PutRolePolicy']]);
    expect(plan.before.find(({ measure }) => measure === 'closeTrust')?.value).toBe(trusting(OUTSIDE));
    expect(plan.doesNotStop.join()).toContain('the whole role is stopped');
    // An alert about another principal says nothing about this one.
    expect(plan.tier).toBe('A1');
  });

  it('stops the live session by the deny and new ones by the trust, and is restored exactly', async () => {
    const original = rig.range.iamState();
    const done: MeasureResult[] = [];
    const apply = async (measure: 'denyRole' | 'putBoundary' | 'closeTrust'): Promise<void> => {
      done.push(await run(activitiesOf(rig, measure).apply, await aWrite(containment, measure)));
    };

    const before = await sessionCalls();
    await apply('denyRole');
    const denied = [await sessionCalls(), (await assume()) !== undefined];
    await apply('putBoundary');
    await apply('closeTrust');
    const shut = [await sessionCalls(), (await assume()) !== undefined];
    for (const result of done) await run(activitiesOf(rig, result.measure).undo, await anUndo(containment, result));

    expect(before).toBe('allowed');
    expect(denied).toEqual(['UnauthorizedOperation', true]);
    expect(shut).toEqual(['UnauthorizedOperation', false]);
    expect(rig.range.iamState()).toEqual(original);
    expect([await sessionCalls(), (await assume()) !== undefined]).toEqual(['allowed', true]);
  });

  it('holds out the sessions of before while new ones work, under the consent to recover', async () => {
    const { authority } = await aWrite(containment, 'revokeSessions', {});
    const consents = await Promise.all(
      ['lea'].map((subject) =>
        rig.authority.signConsent(subject, {
          incidentId: INCIDENT_ID,
          action: 'recover',
          principalUniqueId: containment.principal.uniqueId,
          planSha256: containment.plan.planSha256,
          tier: 'A0',
          subject,
          issuer: 'local',
          team: 'security-lead',
          decision: 'approve',
          decidedAt: new Date().toISOString(),
          expiresAt: new Date(Date.now() + 60_000).toISOString(),
          nonce: 'n',
        }),
      ),
    );

    const done = await run(
      rig.activities.respond.revokeSessions,
      await aWrite(containment, 'revokeSessions', { authority: { ...authority, by: 'people', consents, alerts: [] } }),
    );

    expect(done).toMatchObject({ changed: true, before: null });
    expect(rig.range.iamState().roles.find(({ name }) => name === 'svc-door')?.inline).toHaveProperty(`IRRevokeSessions-${INCIDENT_ID}`);
    expect(await sessionCalls()).toBe('UnauthorizedOperation');
  });
});

describe('the proof of a role', () => {
  const nowMs = Date.parse('2026-11-22T12:00:00Z');
  const firstDenyAt = '2026-11-22T11:50:00.000Z';
  const issuer = { sessionContext: { sessionIssuer: { arn: RoleArn } } };

  function record(change: object): CloudTrailRecord {
    const base = { eventID: 'e', eventTime: '2026-11-22T11:00:00Z', eventName: 'AssumeRole', eventSource: 'sts.amazonaws.com' };
    return CloudTrailRecord.parse({ ...base, ...change });
  }

  /** A history that answers each question with the records given for its value. */
  async function judged(byValue: Readonly<Record<string, CloudTrailRecord[]>>) {
    const asked: EventQuery[] = [];
    const history: EventHistory = {
      regions: ['us-east-1'],
      lookup: async (query) => {
        asked.push(query);
        const records = (byValue[query.value] ?? []).filter(({ eventTime }) => Date.parse(eventTime) >= query.fromMs);
        return { records, pages: 1, complete: true, requestIds: [] };
      },
    };
    const lookup = createLookupPrincipalEvents({
      beat: () => undefined,
      organization: async () => undefined,
      nowMs: () => nowMs,
      history,
      recentCallers: createRecentCallers({ history, nowMs: () => nowMs }),
    });
    const waits = await shippedPolicies.waits('drill-waits');
    const result = await run(lookup, {
      incidentId: INCIDENT_ID,
      principal: containment.principal,
      accessKeyIds: [],
      issuedKeyIds: [],
      firstDenyAt,
      effectiveFromAt: firstDenyAt,
      configuration: { confirmed: true, simulation: 'explicitDeny', keysInactive: false, missing: [], notes: [] },
      waits,
    });
    return { result, asked };
  }

  const issued = (name: string, at = '2026-11-22T09:00:00Z') =>
    record({
      eventID: `issue-${name}`,
      eventTime: at,
      requestParameters: { roleArn: RoleArn, roleSessionName: name },
      responseElements: { credentials: { accessKeyId: `ASIA${name.toUpperCase()}` } },
    });
  const call = (id: string, change: object) =>
    record({ eventID: id, eventName: 'ListUsers', eventSource: 'iam.amazonaws.com', userIdentity: issuer, ...change });

  it('sees a call after the deny by a session that was issued hours before it', async () => {
    const { result, asked } = await judged({
      [RoleArn]: [issued('sync')],
      sync: [call('late', { eventTime: '2026-11-22T11:55:00Z' }), call('early', { eventTime: '2026-11-22T10:00:00Z' })],
    });

    expect(asked.map(({ attribute, value }) => `${attribute} ${value}`)).toEqual([`ResourceName ${RoleArn}`, 'Username sync']);
    expect(result).toMatchObject({ lastSuccess: { eventId: 'late' }, sessionKeyIds: ['ASIASYNC'], proof: { provenBy: [] } });
    expect(result.effectiveFromAt).toBe('2026-11-22T11:55:01.000Z');
  });

  it('is a refused call of such a session, and no call of another role under the same session name', async () => {
    const other = { sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/other' } } };
    const { result } = await judged({
      [RoleArn]: [issued('sync')],
      sync: [
        call('refused', { eventTime: '2026-11-22T11:55:00Z', errorCode: 'AccessDenied' }),
        call('other', { eventTime: '2026-11-22T11:58:00Z', userIdentity: other }),
      ],
    });

    expect(result).toMatchObject({ denied: 1, firstDenied: { eventId: 'refused' }, proof: { state: 'proven' } });
    expect(result.lastSuccess).toBeUndefined();
  });

  it('is never claimed when it has had more session names than are read', async () => {
    const names = Array.from({ length: 21 }, (_, index) => `s${index}`);
    const { result } = await judged({
      [RoleArn]: names.map((name) => issued(name)),
      s0: [call('refused', { eventTime: '2026-11-22T11:55:00Z', errorCode: 'AccessDenied' })],
    });

    expect(result.proof.state).toBe('applied');
    expect(result.proof.limits.join()).toContain('could not be read to its end');
  });
});
