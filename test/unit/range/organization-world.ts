import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { buildWorld, type World } from '../../../src/range/build-world.js';
import { createVirtualClock, type Seconds, type VirtualClock } from '../../../src/range/index.js';
import { createRandom } from '../../../src/range/random/random.js';
import { loadScenario } from '../../../src/range/scenario/load.js';
import { Scenario } from '../../../src/range/scenario/schema.js';
import { createRequestHandler } from '../../../src/range/wire/request-handler.js';
import { trustText, type TestCredentials } from './clients.js';

/** The accounts of the world. `member` is the one under attack. */
export const ACCOUNTS = { management: '444455556666', hub: '222233334444', member: '111122223333', other: '333344445555' } as const;

export const INSTANCE_ARN = 'arn:aws:sso:::instance/ssoins-72233af8ea2d1f14';
export const STORE_ID = 'd-90671c1f2a';
export const DEVELOPER_ARN = 'arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-0000000000000001';
export const AUDITOR_ARN = 'arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-0000000000000002';
export const ERIN = '90671c1f2a-6f2d7d1e-0b1c-4c55-9f43-2b6f0e4f8a01';
export const FRANK = '90671c1f2a-6f2d7d1e-0b1c-4c55-9f43-2b6f0e4f8a02';

/** An organization with machines, functions and people in the account under attack. */
export type OrganizationWorld = {
  readonly world: World;
  readonly clock: VirtualClock;
  /** The clients of one credential, in one region. */
  clients(credentials: TestCredentials, region?: string): ReturnType<typeof clientsOf>;
  /** Those of an administrator of an account. */
  admin(accountId: string, region?: string): ReturnType<typeof clientsOf>;
};

/** Builds the account `leaked-user-key` in an organization of four. */
export async function organizationWorld(propagationSeconds: Seconds = { min: 0, max: 0 }): Promise<OrganizationWorld> {
  const scenario = await loadScenario('leaked-user-key');
  const administrator = {
    name: 'admin-olga',
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    keys: [{ status: 'Active' }],
  };
  const accounts = [ACCOUNTS.management, ACCOUNTS.hub, ACCOUNTS.other].map((id) => ({ id, alias: `acme-${id}`, users: [administrator] }));
  const readOnly = ['arn:aws:iam::aws:policy/ReadOnlyAccess'];
  const whole = Scenario.parse({
    ...scenario,
    roles: [
      ...scenario.roles,
      { name: 'web-server', attached: readOnly, trust: JSON.parse(trustText({ Service: 'ec2.amazonaws.com' })) },
      { name: 'empty-handed', trust: JSON.parse(trustText({ Service: 'ec2.amazonaws.com' })) },
      { name: 'invoice-maker', attached: readOnly, trust: JSON.parse(trustText({ Service: 'lambda.amazonaws.com' })) },
    ],
    compute: {
      securityGroups: [{ id: 'sg-00000000000000150', name: 'isolation' }],
      instances: [
        { name: 'web', profile: { name: 'web-server', role: 'web-server' } },
        { name: 'spare', profile: { name: 'empty-handed', role: 'empty-handed' } },
      ],
    },
    functions: [
      { name: 'invoices', role: 'invoice-maker' },
      { name: 'reports', role: 'invoice-maker', region: 'eu-west-1' },
    ],
    accounts,
    organization: {
      id: 'o-a1b2c3d4e5',
      root: 'r-ab12',
      managementAccount: ACCOUNTS.management,
      delegatedAccount: ACCOUNTS.hub,
      organizationalUnits: [{ id: 'ou-ab12-11111111', name: 'workloads', accounts: [ACCOUNTS.member, ACCOUNTS.other] }],
    },
    identityCenter: {
      instanceArn: INSTANCE_ARN,
      identityStoreId: STORE_ID,
      users: [
        { id: ERIN, userName: 'erin', displayName: 'Erin Example' },
        { id: FRANK, userName: 'frank', displayName: 'Frank Example' },
      ],
      permissionSets: [
        { arn: DEVELOPER_ARN, name: 'Developer', managedPolicyArns: readOnly, sessionHours: 4 },
        { arn: AUDITOR_ARN, name: 'Auditor', managedPolicyArns: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'] },
      ],
      assignments: [
        { permissionSet: 'Developer', accountId: ACCOUNTS.member, user: 'erin' },
        { permissionSet: 'Developer', accountId: ACCOUNTS.member, user: 'frank' },
        { permissionSet: 'Developer', accountId: ACCOUNTS.other, user: 'erin' },
      ],
    },
  });
  const clock = createVirtualClock();
  const options = { propagationSeconds, cloudTrailDelaySeconds: { min: 0, max: 0 } };
  const world = buildWorld(whole, { options, clock, random: createRandom(1), alarm: { finding: () => undefined } });
  const requestHandler = createRequestHandler(world.handle);

  const clients: OrganizationWorld['clients'] = (credentials, region = 'us-east-1') =>
    clientsOf({ region, maxAttempts: 1, credentials, endpoint: 'http://range.invalid', requestHandler });
  return {
    world,
    clock,
    clients,
    admin: (accountId, region) => {
      const keys = world.tenants.of(accountId).account.credentials.all();
      const key = keys.find(({ bearer, session }) => session === undefined && bearer.kind === 'user' && bearer.user.name === 'admin-olga');
      if (key === undefined) throw new Error(`nobody administers ${accountId}`);
      return clients({ accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey }, region);
    },
  };
}

function clientsOf(config: {
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: TestCredentials;
  readonly endpoint: string;
  readonly requestHandler: ReturnType<typeof createRequestHandler>;
}) {
  return {
    iam: new IAMClient(config),
    sts: new STSClient(config),
    ec2: new EC2Client(config),
    lambda: new LambdaClient(config),
    sso: new SSOAdminClient(config),
    store: new IdentitystoreClient(config),
  };
}
