import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, fromSts, organizationsFor, policyText } from './clients.js';
import { assumed, DATA, MAIN, MANAGEMENT } from './organization-fixtures.js';

const ATTACKER_ADDRESS = '203.0.113.66';

let range: Range;
let clock: VirtualClock;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ scenario: 'organization', clock, propagationSeconds: { min: 0, max: 0 } });
});

const lives = (): (readonly [string, boolean])[] => range.attackerAccess().map(({ principalArn, alive }) => [principalArn, alive]);

describe('what the attacker holds', () => {
  it('includes the session he took in another account, until an SCP stops the role there', async () => {
    const first = await assumed(range, range.identities.leaked, { RoleArn: `arn:aws:iam::${MAIN}:role/deploy-target` });
    await assumed(range, first, { RoleArn: `arn:aws:iam::${DATA}:role/cross-deploy` });
    const before = lives();
    const Content = policyText('Deny', '*', { Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${DATA}:role/cross-deploy` } } });
    const organizations = organizationsFor(range, range.accountKeys[MANAGEMENT]?.['org-admin']);
    await organizations.send(new UpdatePolicyCommand({ PolicyId: 'p-tqquar01', Content }));

    const cross = `arn:aws:sts::${DATA}:assumed-role/cross-deploy/ir-test`;
    expect(before).toContainEqual([cross, true]);
    expect(lives()).toContainEqual([cross, false]);
    expect(lives()).toContainEqual([`arn:aws:iam::${MAIN}:user/automation/ci-deploy`, true]);
  });

  it('includes a session he got from his own address with nothing but a token of his own provider', async () => {
    const { iam } = clientsFor(range, range.identities.leaked);
    const provider = new CreateOpenIDConnectProviderCommand({ Url: 'https://evil.example.net', ClientIDList: ['x'] });
    const { OpenIDConnectProviderArn: Federated = '' } = await iam.send(provider);
    const Statement = [{ Effect: 'Allow', Principal: { Federated }, Action: 'sts:AssumeRoleWithWebIdentity' }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'back', AssumeRolePolicyDocument }));
    const WebIdentityToken = range.identityProvider.issue({ provider: Federated, subject: 'me' });
    const { sts } = clientsFor(range, { accessKeyId: '', secretAccessKey: '' });
    sts.middlewareStack.add(
      (next) => (args) => {
        if (HttpRequest.isInstance(args.request)) args.request.headers['x-range-source-ip'] = ATTACKER_ADDRESS;
        return next(args);
      },
      { step: 'build' },
    );

    const login = new AssumeRoleWithWebIdentityCommand({ RoleArn: Role?.Arn, RoleSessionName: 'back', WebIdentityToken });
    const { Credentials } = await sts.send(login);

    expect(lives()).toContainEqual([`arn:aws:sts::${MAIN}:assumed-role/back/back`, false]);
    expect(await errorOf(clientsFor(range, fromSts(Credentials)).iam.send(new ListUsersCommand({})))).toBe('AccessDenied');
  });
});
