import { describe, expect, it } from 'vitest';
import { createRecentCallers } from '../../activities/aws/recent-callers.js';
import { createLookupPrincipalEvents } from '../../activities/investigate/lookup-principal-events.js';
import type { Principal } from '../../src/contracts/principal.js';
import type { LookupInput, LookupResult } from '../../src/contracts/watch.js';
import { CloudTrailRecord, eventMs } from '../../src/domain/cloudtrail/record.js';
import type { EventAnswer, EventQuery } from '../../src/ports/event-history.js';
import { run } from '../fixtures/activities.js';
import { aPrincipal } from '../fixtures/builders.js';
import { shippedPolicies } from '../fixtures/policies.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const ACCOUNT = '111122223333';
const HUB = '222233334444';
const RESPONDER = `arn:aws:iam::${HUB}:role/ir/Responder`;
const DENIED_AT = '2026-11-22T11:50:00.500Z';
const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const SESSION = 'ASIAROOTSESSION00001';
const ORGANIZATION = { version: '1', managementAccount: '444455556666', hubAccount: HUB, externalId: 'xx', quarantinePolicyIds: [] };
const ROOT: Principal = {
  ...aPrincipal('root'),
  kind: 'root',
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  uniqueId: ACCOUNT,
  lockId: `incident/${ACCOUNT}/root/root`,
};
const ROLE: Principal = {
  ...aPrincipal('app'),
  kind: 'role',
  arn: `arn:aws:iam::${ACCOUNT}:role/app`,
  lockId: `incident/${ACCOUNT}/role/app`,
};

/** What one question is answered with, by account and value. */
type Answers = Readonly<Record<string, Partial<Pick<EventAnswer, 'records' | 'complete'>>>>;

function aRecord(eventID: string, time: string, change: object): CloudTrailRecord {
  const eventTime = `2026-11-22T${time}Z`;
  return CloudTrailRecord.parse({ eventID, eventTime, eventName: 'ListUsers', eventSource: 'iam.amazonaws.com', ...change });
}

async function judged(principal: Principal, answers: Answers, change: Partial<LookupInput> = {}): Promise<LookupResult> {
  const history = {
    regions: ['us-east-1'],
    lookup: async ({ account, value, fromMs, toMs }: EventQuery): Promise<EventAnswer> => {
      const { records = [], complete = true } = answers[`${account} ${value}`] ?? {};
      const within = records.filter((record) => eventMs(record) >= fromMs && eventMs(record) <= toMs);
      return { records: within, complete, pages: 20, requestIds: [] };
    },
  };
  const nowMs = (): number => NOW_MS;
  const lookup = createLookupPrincipalEvents({
    beat: () => undefined,
    organization: async () => (principal.kind === 'root' ? ORGANIZATION : undefined),
    nowMs,
    history,
    recentCallers: createRecentCallers({ history, nowMs }),
  });
  const waits = await shippedPolicies.waits('drill-waits');
  return run(lookup, {
    incidentId: INCIDENT_ID,
    principal,
    accessKeyIds: [],
    issuedKeyIds: [],
    firstDenyAt: DENIED_AT,
    effectiveFromAt: DENIED_AT,
    configuration: { confirmed: true, simulation: 'explicitDeny', keysInactive: true, missing: [], notes: [] },
    waits: { ...waits, quietWindowSeconds: 60, deliveryDelaySeconds: 10 },
    ...change,
  });
}

describe('the success of a root user', () => {
  const call = aRecord('delete-key', '11:55:00', {
    eventName: 'DeleteAccessKey',
    userIdentity: { type: 'Root', accountId: ACCOUNT, arn: ROOT.arn, accessKeyId: SESSION, sessionContext: { assumedRoot: 'true' } },
  });

  /** The hub's record of who opened the session, and the member's of what it did. */
  function sessionOf(role: string, { targetPrincipal = ACCOUNT, accessKeyId = SESSION, ...rest }: Record<string, string> = {}): Answers {
    const opened = aRecord('assume-root', '11:54:59', {
      eventName: 'AssumeRoot',
      eventSource: 'sts.amazonaws.com',
      userIdentity: { type: 'AssumedRole', accountId: HUB, sessionContext: { sessionIssuer: { type: 'Role', arn: role } } },
      requestParameters: { targetPrincipal, durationSeconds: 900 },
      responseElements: { credentials: { accessKeyId } },
      ...rest,
    });
    return { [`${ACCOUNT} root`]: { records: [call] }, [`${HUB} AssumeRoot`]: { records: [opened] } };
  }

  it('is not what a session did that our Responder opened from the hub', async () => {
    const result = await judged(ROOT, sessionOf(RESPONDER));

    expect(result).not.toHaveProperty('lastSuccess');
    expect(result).toMatchObject({ effectiveFromAt: DENIED_AT, proof: { state: 'proven' } });
  });

  it.each([
    ['another role of the hub', sessionOf(`arn:aws:iam::${HUB}:role/admin`)],
    ['a role that only ends like ours', sessionOf(`arn:aws:iam::${HUB}:role/x/ir/Responder`)],
    ['the Responder of another account', sessionOf('arn:aws:iam::333344445555:role/ir/Responder')],
    ['nobody, as far as the hub knows', { [`${ACCOUNT} root`]: { records: [call] } }],
    ['our Responder in another member account', sessionOf(RESPONDER, { targetPrincipal: '333344445555' })],
    ['our Responder with another key', sessionOf(RESPONDER, { accessKeyId: 'ASIAANOTHER000000001' })],
    ['our Responder, but in vain', sessionOf(RESPONDER, { errorCode: 'AccessDenied' })],
  ])('is what a session did that was opened by %s', async (_, answers) => {
    const result = await judged(ROOT, answers);

    expect(result).toMatchObject({ lastSuccess: { eventId: 'delete-key', accessKeyId: SESSION } });
    expect(result.effectiveFromAt).toBe('2026-11-22T11:55:01.000Z');
  });

  it('is what the root user’s own key did beside our session', async () => {
    const own = aRecord('own', '11:52:00', { userIdentity: { type: 'Root', accountId: ACCOUNT, accessKeyId: 'AKIAROOT000000000001' } });
    const answers = sessionOf(RESPONDER);

    const result = await judged(ROOT, { ...answers, [`${ACCOUNT} root`]: { records: [call, own] } });

    expect(result).toMatchObject({ lastSuccess: { eventId: 'own' } });
  });
});

describe('a role that the rightful holder becomes meanwhile', () => {
  const holderIp = '198.51.100.24';
  const became = (eventID: string, time: string, sourceIPAddress: string): CloudTrailRecord =>
    aRecord(eventID, time, {
      eventName: 'AssumeRole',
      eventSource: 'sts.amazonaws.com',
      sourceIPAddress,
      userAgent: 'aws-cli',
      userIdentity: { type: 'IAMUser', userName: 'ci-deploy', arn: aPrincipal().arn, accountId: ACCOUNT },
      requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/app`, roleSessionName: 'deploy' },
      responseElements: { credentials: { accessKeyId: SESSION } },
    });
  const change = { suspiciousSinceAt: '2026-11-22T11:45:00.000Z', callers: [] };

  it('is his although the plan knows nobody: he was there before the suspicion', async () => {
    const records = [became('now', '11:52:00', holderIp), became('before', '09:00:00', holderIp)];
    const { descendants } = await judged(aPrincipal(), { [`${ACCOUNT} ci-deploy`]: { records } }, change);

    expect(descendants.map(({ eventId, fromHolder }) => [eventId, fromHolder])).toEqual([['now', true]]);
  });

  it('is the intruder’s from an address that nobody used before', async () => {
    const records = [became('now', '11:52:00', '203.0.113.66'), became('before', '09:00:00', holderIp)];
    const { descendants } = await judged(aPrincipal(), { [`${ACCOUNT} ci-deploy`]: { records } }, change);

    expect(descendants.map(({ eventId, fromHolder }) => [eventId, fromHolder])).toEqual([['now', false]]);
  });
});

describe('a quiet time that CloudTrail’s pages do not hold to their end', () => {
  const refused = (time: string): CloudTrailRecord =>
    aRecord(`refused-${time}`, time, { errorCode: 'AccessDenied', userIdentity: { type: 'IAMUser', userName: 'ci-deploy' } });
  const flood = (...times: string[]): Answers => ({ [`${ACCOUNT} ci-deploy`]: { complete: false, records: times.map(refused) } });
  const UNREAD = /could not be read to its end/;

  it('counts as read when they reach back before effectiveFrom', async () => {
    const result = await judged(aPrincipal(), flood('11:59:00', '11:49:59'));

    expect(result).toMatchObject({ denied: 1, proof: { state: 'proven' } });
    expect(result.proof.limits.join()).not.toMatch(UNREAD);
  });

  it.each([
    ['end after it', flood('11:59:00', '11:50:01')],
    // Another event of this second may be a success at 11:50:00.900.
    ['end within its second', flood('11:59:00', '11:50:00')],
    ['hold nothing', flood()],
  ])('does not count as read when they %s', async (_, answers) => {
    const { proof } = await judged(aPrincipal(), answers);

    expect(proof).toMatchObject({ state: 'applied', provenBy: [] });
    expect(proof.limits.join()).toMatch(UNREAD);
  });

  it('counts as read from a later effectiveFrom on', async () => {
    const { proof } = await judged(aPrincipal(), flood('11:59:00', '11:50:01'), { effectiveFromAt: '2026-11-22T11:55:00.000Z' });

    expect(proof.state).toBe('proven');
  });

  describe('of a role', () => {
    const issue = aRecord('issue', '11:40:00', {
      eventName: 'AssumeRole',
      eventSource: 'sts.amazonaws.com',
      requestParameters: { roleArn: ROLE.arn, roleSessionName: 'sync' },
      responseElements: { credentials: { accessKeyId: 'ASIASYNC000000000001' } },
    });
    const answers: Answers = { [`${ACCOUNT} ${ROLE.arn}`]: { complete: false, records: [issue] } };

    it('does not count as read while sessions that may still live are not known', async () => {
      const { proof } = await judged(ROLE, answers);

      expect(proof).toMatchObject({ state: 'applied', provenBy: [] });
      expect(proof.limits.join()).toMatch(UNREAD);
    });

    it('counts as read where the sessions that are judged are known by name', async () => {
      const { proof } = await judged(ROLE, answers, { sessions: ['sync'] });

      expect(proof.state).toBe('proven');
    });
  });
});
