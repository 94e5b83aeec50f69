import { describe, expect, it } from 'vitest';
import { contextOf } from '../../../src/range/policy/context.js';
import { parsePolicy } from '../../../src/range/policy/document.js';
import { evaluate, type NamedPolicy } from '../../../src/range/policy/evaluate.js';

const policy = (...statements: object[]): NamedPolicy => ({
  id: 'p',
  type: 'user',
  document: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements })),
});
const allow = (extra: object = {}): NamedPolicy => policy({ Effect: 'Allow', Action: '*', Resource: '*', ...extra });
const denyIf = (Condition: object): NamedPolicy => policy({ Effect: 'Deny', Action: '*', Resource: '*', Condition });

const KEY = { 'aws:SourceIp': '203.0.113.66', 'aws:userid': 'AIDAX', 'aws:ViaAWSService': 'false' };
const OLD_SESSION = { ...KEY, 'aws:TokenIssueTime': '2026-11-02T08:00:00Z' };
const FRESH_SESSION = { ...KEY, 'aws:TokenIssueTime': '2026-11-02T10:00:00Z' };
const ROLE_SESSION = { ...OLD_SESSION, 'aws:userid': 'AROAX:worker' };

const D1 = policy({ Sid: 'IRQuarantine', Effect: 'Deny', Action: '*', Resource: '*' });
const D2 = denyIf({ DateLessThan: { 'aws:TokenIssueTime': '2026-11-02T09:00:00Z' } });
const D3 = denyIf({ Null: { 'aws:TokenIssueTime': 'false' } });
const D4 = denyIf({ StringEquals: { 'aws:userid': 'AROAX:worker' } });
const D7 = denyIf({ NotIpAddress: { 'aws:SourceIp': ['198.51.100.0/24'] }, Bool: { 'aws:ViaAWSService': 'false' } });

describe('the evaluator', () => {
  it.each([
    ['D1 denies a long-term key', D1, KEY, 'explicitDeny'],
    ['D1 denies a session', D1, OLD_SESSION, 'explicitDeny'],
    ['D2 leaves a long-term key alone', D2, KEY, 'allowed'],
    ['D2 denies a session issued at 08:00 when the line is 09:00', D2, OLD_SESSION, 'explicitDeny'],
    ['D2 leaves a session issued at 10:00 alone', D2, FRESH_SESSION, 'allowed'],
    ['D3 leaves a long-term key alone', D3, KEY, 'allowed'],
    ['D3 denies every session', D3, FRESH_SESSION, 'explicitDeny'],
    ['D4 denies the one session', D4, ROLE_SESSION, 'explicitDeny'],
    ['D4 leaves another session alone', D4, { ...ROLE_SESSION, 'aws:userid': 'AROAX:other' }, 'allowed'],
    ['D7 denies 203.0.113.66 outside 198.51.100.0/24', D7, KEY, 'explicitDeny'],
    ['D7 leaves 198.51.100.24 alone', D7, { ...KEY, 'aws:SourceIp': '198.51.100.24' }, 'allowed'],
  ])('%s', (...[, deny, context, expected]) => {
    const { decision } = evaluate({ identity: [allow(), deny] }, { action: 'iam:ListUsers', resource: '*', context: contextOf(context) });

    expect(decision).toBe(expected);
  });

  it.each([
    ['nothing allows', { identity: [] }, 'implicitDeny'],
    ['a boundary allows nothing of it', { identity: [allow()], boundary: [allow({ Action: 's3:*' })] }, 'implicitDeny'],
    ['a boundary denies', { identity: [allow()], boundary: [D1] }, 'explicitDeny'],
    ['a boundary and identity allow', { identity: [allow()], boundary: [allow()] }, 'allowed'],
    ['only the boundary allows', { identity: [], boundary: [allow()] }, 'implicitDeny'],
    ['an empty session policy is present', { identity: [allow()], session: [] }, 'implicitDeny'],
    [
      "a second policy, such as a group's, denies",
      { identity: [allow(), policy({ Effect: 'Deny', Action: 'iam:List*', Resource: '*' })] },
      'explicitDeny',
    ],
    ['NotAction leaves it out', { identity: [policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })] }, 'implicitDeny'],
    [
      'NotResource leaves it out',
      { identity: [policy({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:iam::111122223333:user/*' })] },
      'implicitDeny',
    ],
    ['a policy variable names the caller', { identity: [allow({ Resource: 'arn:aws:iam::*:user/${aws:username}' })] }, 'allowed'],
  ])('decides when %s', (_name, policies, expected) => {
    const context = contextOf({ ...KEY, 'aws:username': 'dana' });

    const { decision } = evaluate(policies, { action: 'iam:ListAccessKeys', resource: 'arn:aws:iam::111122223333:user/dana', context });

    expect(decision).toBe(expected);
  });

  it.each([
    ['every level of SCPs allows', { identity: [allow()], scp: [[allow()], [allow(), allow()]] }, undefined, 'allowed', 'identity'],
    [
      'one level of SCPs allows something else',
      { identity: [allow()], scp: [[allow()], [allow({ Action: 's3:*' })]] },
      undefined,
      'implicitDeny',
      'scp',
    ],
    ['one level of SCPs holds nothing', { identity: [allow()], scp: [[allow()], []] }, undefined, 'implicitDeny', 'scp'],
    ['an SCP denies, and so does an identity policy', { identity: [D1], scp: [[allow(), D1]] }, undefined, 'explicitDeny', 'scp'],
    ['only SCPs allow', { identity: [], scp: [[allow()]] }, undefined, 'implicitDeny', 'identity'],
    ["a resource policy names the caller's role", { identity: [] }, 'identity', 'allowed', 'identity'],
    [
      "a resource policy names the caller's role, and a boundary allows nothing",
      { identity: [], boundary: [] },
      'identity',
      'implicitDeny',
      'boundary',
    ],
    ["a resource policy names the caller's session", { identity: [], boundary: [], session: [] }, 'all', 'allowed', 'identity'],
    ['a resource policy names a session under an SCP', { identity: [], scp: [[]] }, 'all', 'implicitDeny', 'scp'],
    ['a resource policy names a caller who is denied', { identity: [D1] }, 'all', 'explicitDeny', 'identity'],
  ] as const)('decides, with the layer, when %s', (...[, policies, grant, decision, layer]) => {
    const request = { action: 'iam:ListUsers', resource: '*', context: contextOf(KEY), ...(grant === undefined ? {} : { grant }) };

    expect(evaluate(policies, request)).toMatchObject({ decision, layer });
  });

  it.each([
    ['StringNotEquals', { StringNotEquals: { k: 'a' } }, { k: 'b' }, true],
    ['StringNotEquals on an absent key', { StringNotEquals: { k: 'a' } }, {}, true],
    ['StringLike', { StringLike: { k: 'INC-*' } }, { k: 'INC-7' }, true],
    ['StringNotLike', { StringNotLike: { k: 'INC-*' } }, { k: 'INC-7' }, false],
    ['ArnLike within one part', { ArnLike: { k: 'arn:aws:iam::*:role/ir/*' } }, { k: 'arn:aws:iam::1:role/ir/x' }, true],
    ['ArnNotLike', { ArnNotLike: { k: 'arn:aws:iam::*:role/ir/*' } }, { k: 'arn:aws:iam::1:role/x' }, true],
    ['DateGreaterThan', { DateGreaterThan: { k: '2026-01-01T00:00:00Z' } }, { k: '2026-01-02T00:00:00Z' }, true],
    ['IfExists on an absent key', { StringEqualsIfExists: { k: 'a' } }, {}, true],
    ['IfExists on another value', { StringEqualsIfExists: { k: 'a' } }, { k: 'b' }, false],
    ['Bool', { Bool: { k: 'true' } }, { k: 'true' }, true],
    ['two keys of which one fails', { StringEquals: { k: 'a', l: 'x' } }, { k: 'a', l: 'y' }, false],
    ['a list of values of which one fits', { StringEquals: { k: ['z', 'a'] } }, { k: 'a' }, true],
    ['ForAnyValue with a negated operator and one other value', { 'ForAnyValue:StringNotEquals': { k: 'a' } }, { k: ['a', 'b'] }, true],
    ['ForAnyValue with a negated operator and no other value', { 'ForAnyValue:StringNotEquals': { k: 'a' } }, { k: ['a'] }, false],
    ['ForAnyValue with a negated operator on an absent key', { 'ForAnyValue:StringNotEquals': { k: 'a' } }, {}, false],
    ['ForAllValues with a negated operator and one wanted value', { 'ForAllValues:StringNotEquals': { k: 'a' } }, { k: ['a', 'b'] }, false],
    ['ForAllValues on an absent key', { 'ForAllValues:StringEquals': { k: 'a' } }, {}, true],
    ['ArnLike not over a colon', { ArnLike: { k: 'arn:aws:*:user/x' } }, { k: 'arn:aws:iam::1:user/x' }, false],
  ])('reads the condition %s', (...[, Condition, context, holds]) => {
    const { decision } = evaluate({ identity: [allow({ Condition })] }, { action: 'a:B', resource: '*', context: contextOf(context) });

    expect(decision === 'allowed').toBe(holds);
  });

  it.each([
    ['arn:aws:s3:*', 'arn:aws:s3:::bucket/key', true],
    ['arn:aws:iam::*', 'arn:aws:iam::111122223333:user/dana', true],
    ['arn:aws:iam::*:user/dana', 'arn:aws:iam::111122223333:user/dana', true],
    ['arn:aws:iam::1*3:user/dana', 'arn:aws:iam::111122223333:user/dana', true],
    ['arn:aws:s*3:bucket/key', 'arn:aws:s3:::s3:bucket/key', false],
    ['arn:aws:iam::11112222333?:user/d?na', 'arn:aws:iam::111122223333:user/dana', true],
    ['arn:aws:sns:*:1:topic', 'arn:aws:sns:eu-west-1:1:topic:subscription', false],
    ['arn:aws:s3', 'arn:aws:s3:::bucket/key', false],
  ])('reads the resource %s for %s: %s', (Resource, resource, fits) => {
    const { decision } = evaluate({ identity: [allow({ Resource })] }, { action: 'a:B', resource, context: contextOf({}) });

    expect(decision === 'allowed').toBe(fits);
  });

  it('refuses a policy with an unknown condition operator instead of ignoring it', () => {
    expect(() => denyIf({ StringSortOf: { k: 'a' } })).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument' }));
  });
});
