import { describe, expect, it } from 'vitest';
import { matchesGlob, railRefusals } from '../../../src/domain/planning/rails.js';
import { aPrincipal } from '../../fixtures/builders.js';
import { shippedPolicies } from '../../fixtures/policies.js';

const us = { ourArn: 'arn:aws:iam::111122223333:user/security/our-own', ourIds: ['AIDAOURS'] };

describe('the rails', () => {
  it('let an ordinary user of a listed account pass', async () => {
    const rails = await shippedPolicies.rails();

    expect(railRefusals(aPrincipal(), { rails, ...us })).toEqual([]);
  });

  it.each([
    ['arn:aws:iam::111122223333:user/tourniquet-responder', 'our own identity'],
    ['arn:aws:iam::111122223333:role/ir/Responder', 'our own roles'],
    ['arn:aws:iam::111122223333:user/ops/prod-breakglass-admin', 'break-glass'],
    ['arn:aws:iam::111122223333:role/BreakGlassAdmin', 'break-glass'],
    ['arn:aws:iam::111122223333:role/OrganizationAccountAccessRole', "organization's way"],
    ['arn:aws:iam::111122223333:role/stacksets-exec-0123', 'StackSets'],
  ])('refuse %s', async (arn, why) => {
    const rails = await shippedPolicies.rails();

    expect(railRefusals({ ...aPrincipal(), arn }, { rails, ...us }).join()).toContain(why);
  });

  it('refuse our own identity by ARN and by unique id, and accounts that are not listed', async () => {
    const rails = await shippedPolicies.rails();

    expect(railRefusals({ ...aPrincipal(), arn: us.ourArn }, { rails, ...us }).join()).toContain('lock us out');
    expect(railRefusals({ ...aPrincipal(), uniqueId: 'AIDAOURS' }, { rails, ...us }).join()).toContain('lock us out');
    expect(railRefusals({ ...aPrincipal(), account: '999900001111' }, { rails, ...us }).join()).toContain('not on the allow-list');
  });

  it('match globs literally but for the star', () => {
    expect(matchesGlob('arn:aws:iam::1:user/a.b', 'arn:aws:iam::1:user/axb')).toBe(false);
    expect(matchesGlob('arn:aws*:iam::*:user/a+b', 'arn:aws-cn:iam::1:user/a+b')).toBe(true);
  });
});
