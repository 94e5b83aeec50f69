import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import type { Alert, UnsignedAlert } from '../../src/contracts/alert.js';
import { failureOf, type Rig, rigsOfThisFile, run, withoutReceipt } from '../fixtures/activities.js';
import { anAlert } from '../fixtures/builders.js';
import { CI_DEPLOY, clientsOf, denyResponder } from '../fixtures/range.js';

const rigs = rigsOfThisFile();

/** The range's past is a day long: here the last hours are fewer. */
async function aRig(): Promise<Rig> {
  const rig = await rigs();
  await rig.editPolicy('detection-rules.yaml', (text) => text.replace('recentHours: 24', 'recentHours: 12'));
  return rig;
}

/** Where the workload calls from, and a stranger. */
const HOME = '198.51.100.77';
const STRANGER = '203.0.113.66';

/** A call of ci-deploy that the rules want compared with his past. */
function aCallAlert(change: Partial<UnsignedAlert> & { remoteIp?: string } = {}): UnsignedAlert {
  const { remoteIp = HOME, ...fields } = change;
  const at = new Date().toISOString();
  return withoutReceipt(
    anAlert({
      source: 'cloudtrail',
      type: 'CloudTrail:iam/CreateUser',
      hints: { userName: CI_DEPLOY },
      facts: { ...anAlert().facts, torOrMaliciousIp: false, score: 6, remoteIp },
      call: { eventName: 'CreateUser', service: 'iam', caller: 'IAMUser', refused: false, at },
      disposition: 'review',
      firstSeenAt: at,
      detectedAt: at,
      receivedAt: at,
      ...fields,
    }),
  );
}

async function judge(rig: Rig, change: Parameters<typeof aCallAlert>[0] = {}): Promise<Alert> {
  return run(rig.activities.main.judgeCall, await rig.authority.signReceipt(aCallAlert(change)));
}

const lookups = ({ range }: Rig): number => range.calls().filter(({ api }) => api === 'cloudtrail:LookupEvents').length;

describe.concurrent('judging a call', () => {
  it('ignores one from a network that its principal used before, and signs what it says', async () => {
    const rig = await aRig();

    const judged = await judge(rig);

    expect(judged).toMatchObject({
      disposition: 'ignore',
      reason: expect.stringMatching(/^usual for its principal \(\d+ events compared\)/),
    });
    expect(await rig.authority.verifyReceipt(judged)).toBe(true);
  });

  it('opens for one from a network that its principal never used, with the sign and a higher score', async () => {
    const rig = await aRig();

    const judged = await judge(rig, { remoteIp: STRANGER });

    expect(judged).toMatchObject({ disposition: 'open', severity: 'HIGH', facts: { anomalousBehavior: true, score: 7 } });
    expect(judged.reason).toContain('rule new-credentials');
    expect(judged.reason).toContain('203.0.113.0/24 is new');
    expect(await rig.authority.verifyReceipt(judged)).toBe(true);
  });

  it('opens for a call that needs no past, also from home', async () => {
    const rig = await aRig();
    const call = { eventName: 'StopLogging', service: 'cloudtrail', caller: 'IAMUser', refused: false, at: new Date().toISOString() };

    expect(await judge(rig, { call })).toMatchObject({ disposition: 'open', facts: { anomalousBehavior: true, score: 8 } });
    expect(await judge(rig, { call: { ...call, refused: true }, deniedOnly: true })).toMatchObject({
      disposition: 'open',
      deniedOnly: true,
      facts: { anomalousBehavior: false },
    });
  });

  it('opens for a user without any past: nobody vouches for him', async () => {
    const rig = await aRig();

    expect(await judge(rig, { hints: { userName: 'made-yesterday' } })).toMatchObject({
      disposition: 'open',
      reason: expect.stringContaining('no call before the last 12 h'),
    });
  });

  it('leaves a call for review when its history cannot be read, with the reason', async () => {
    const rig = await aRig();
    await denyResponder(rig.range, 'cloudtrail:LookupEvents');

    expect(await judge(rig, { remoteIp: STRANGER })).toMatchObject({
      disposition: 'review',
      reason: expect.stringContaining('its past was not read: events of us-east-1 (AccessDeniedException)'),
    });
  });

  it('leaves a session without a name for review', async () => {
    const rig = await aRig();

    expect(await judge(rig, { principalKind: 'session', hints: { accessKeyId: 'ASIAQYLPMN5HEXAMPLE3' } })).toMatchObject({
      disposition: 'review',
      reason: expect.stringContaining('the call names nobody'),
    });
  });

  it('ignores a call of our own: containments change policies too', async () => {
    const rig = await aRig();
    const { Arn: arn = '' } = await clientsOf(rig.range, 'responder').sts.send(new GetCallerIdentityCommand({}));

    expect(await judge(rig, { remoteIp: STRANGER, hints: { userName: rig.range.identities.responder.userName, arn } })).toMatchObject({
      disposition: 'ignore',
      reason: 'a call of our own',
    });
  });

  it('reads the rules as they are now', async () => {
    const rig = await aRig();
    await rig.editPolicy('detection-rules.yaml', (text) => text.replace('      - iam:CreateUser\n', ''));

    expect(await judge(rig, { remoteIp: STRANGER })).toMatchObject({
      disposition: 'ignore',
      reason: 'no detection rule is about such a call',
    });
  });

  it('asks AWS nothing about an account that is not ours', async () => {
    const rig = await aRig();
    const alert = await rig.authority.signReceipt(aCallAlert({ account: '999988887777' }));

    expect(await run(rig.activities.main.judgeCall, alert)).toEqual(alert);
    expect(rig.range.calls()).toEqual([]);
  });

  it('signs nothing that ingest has not signed, nor what was changed since', async () => {
    const rig = await aRig();
    const signed = await rig.authority.signReceipt(aCallAlert());

    for (const forged of [
      { ...signed, receipt: 'e30.e30.e30' },
      { ...signed, hints: { userName: 'somebody-else' } },
    ]) {
      expect(await failureOf(run(rig.activities.main.judgeCall, forged))).toMatchObject({ type: 'UnsafeAction', retryable: false });
    }
    expect(lookups(rig)).toBe(0);
  });

  it('asks CloudTrail once for a storm of calls of one principal', async () => {
    const rig = await aRig();

    await Promise.all(Array.from({ length: 30 }, (_, n) => judge(rig, { alertId: `event-${n}`, remoteIp: STRANGER })));

    expect(lookups(rig)).toBeLessThanOrEqual(6);
  });
});
