import { GetUserCommand, ListUserPoliciesCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRange, type Range } from '../../../src/range/index.js';
import { clientsFor, errorOf } from './clients.js';

const D1 = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] });
const put = (): PutUserPolicyCommand =>
  new PutUserPolicyCommand({ UserName: 'ci-deploy', PolicyName: 'IRQuarantine-1', PolicyDocument: D1 });

let range: Range;
beforeEach(async () => {
  range = await startRange({ port: 0, propagationSeconds: { min: 0, max: 0 }, cloudTrailDelaySeconds: { min: 0, max: 0 } });
});
afterEach(() => range.stop());

describe('a fault', () => {
  it('that loses the answer breaks the socket after the policy was put', async () => {
    const { iam } = clientsFor(range, range.identities.responder);
    range.faults.add({ id: 'lost', match: { api: 'iam:PutUserPolicy' }, times: 1, effect: { kind: 'loseAnswer' } });

    const lost = await errorOf(iam.send(put()));
    const names = await iam.send(new ListUserPoliciesCommand({ UserName: 'ci-deploy' }));

    expect(lost).not.toBe('no error');
    expect(names.PolicyNames).toContain('IRQuarantine-1');
    expect(range.writesBy(range.identities.responder.accessKeyId).map(({ api }) => api)).toEqual(['iam:PutUserPolicy']);
    expect(range.faults.hits('lost')).toBe(1);
  });

  it('that refuses strikes the second and third fitting call of one caller only', async () => {
    const responder = clientsFor(range, range.identities.responder).iam;
    const admin = clientsFor(range, range.identities.admin).iam;
    range.faults.add({
      id: 'no',
      match: { api: 'iam:*', callerArn: '*user/ir/*' },
      skip: 1,
      times: 2,
      effect: { kind: 'error', code: 'AccessDenied', status: 403 },
    });

    const ends: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) ends.push(await errorOf(responder.send(new GetUserCommand({}))));

    expect(ends).toEqual(['no error', 'AccessDenied', 'AccessDenied', 'no error']);
    expect(await errorOf(admin.send(new GetUserCommand({})))).toBe('no error');
    expect(range.faults.hits('no')).toBe(2);
  });

  it('that throttles answers Throttling and changes nothing until it is removed', async () => {
    const { iam } = clientsFor(range, range.identities.responder);
    range.faults.add({ id: 'slow', match: { api: 'iam:PutUserPolicy' }, effect: { kind: 'throttle' } });

    const throttled = await errorOf(iam.send(put()));
    range.faults.remove('slow');

    expect(throttled).toBe('Throttling');
    expect(range.writesBy(range.identities.responder.accessKeyId)).toEqual([]);
    expect(await errorOf(iam.send(put()))).toBe('no error');
  });

  it('that delays by 120 ms holds the answer that long', async () => {
    const { iam } = clientsFor(range, range.identities.responder);
    range.faults.add({ id: 'wait', match: {}, times: 1, effect: { kind: 'delay', ms: 120 } });
    const startedAt = performance.now();

    await iam.send(new GetUserCommand({}));

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });

  it('that suppresses signs keeps AccessDenied records from LookupEvents but not from the ground truth', async () => {
    const { cloudtrail, iam } = clientsFor(range, range.identities.responder);
    range.faults.suppressSigns();
    await errorOf(iam.send(new PutUserPolicyCommand({ UserName: 'break-glass', PolicyName: 'x', PolicyDocument: D1 })));
    await iam.send(new GetUserCommand({}));

    const { Events = [] } = await cloudtrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: range.identities.responder.accessKeyId }],
      }),
    );

    expect(Events.map(({ EventName }) => EventName)).toEqual(['GetUser']);
    expect(range.recorded().at(-3)).toMatchObject({ eventName: 'PutUserPolicy', errorCode: 'AccessDenied' });
  });
});
