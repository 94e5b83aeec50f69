import { CreateAccessKeyCommand, CreateUserCommand, ListUsersCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreatePolicyCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { startRange } from '../../../src/range/index.js';
import { ADDRESSES, createCloud, outcomeOf } from './cloud.js';
import { policyText } from './world.js';

/** An SCP that takes listing users away, attached to the root of the organization. */
const SCP = policyText([{ Effect: 'Deny', Action: ['iam:ListUsers'], Resource: ['*'] }], {});
/** The management account of the range's scenario `organization`; on MiniStack every account is one, of its own organization. */
const MANAGEMENT = '444455556666';
const named = { Name: 'no-listing', Description: 'x', Type: 'SERVICE_CONTROL_POLICY' as const };

/** What a member account's administrator is answered under an SCP that denies the call, on the range. */
export async function underScpOnRange(): Promise<string> {
  const range = await startRange({ scenario: 'organization', port: 0, propagationSeconds: { min: 0, max: 0 } });
  const cloud = createCloud('range', range.endpoint);
  try {
    const credentials = range.accountKeys[MANAGEMENT]?.['org-admin'];
    if (credentials === undefined) throw new Error('the scenario gives org-admin no key');
    await attachToRoot(new OrganizationsClient({ region: 'us-east-1', endpoint: range.endpoint, credentials, maxAttempts: 1 }));
    const { iam } = cloud.clientsFor(range.identities.admin, ADDRESSES[0]);
    return await outcomeOf(iam.send(new ListUsersCommand({})));
  } finally {
    cloud.close();
    await range.stop();
  }
}

/** The same on MiniStack. */
export async function underScpOnMinistack(endpoint: string): Promise<string> {
  const cloud = createCloud('MiniStack', endpoint);
  try {
    const credentials = { accessKeyId: MANAGEMENT, secretAccessKey: 'test' };
    const organizations = new OrganizationsClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
    const created = await organizations.send(new CreateAccountCommand({ AccountName: 'member', Email: 'member@example.com' }));
    const member = created.CreateAccountStatus?.AccountId ?? '';
    await attachToRoot(organizations);
    const root = cloud.clientsFor({ accessKeyId: member, secretAccessKey: 'test' }, ADDRESSES[0]);
    const UserName = 'member-admin';
    const PolicyDocument = policyText([{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }], {});
    await root.iam.send(new CreateUserCommand({ UserName }));
    await root.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'everything', PolicyDocument }));
    const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName }));
    const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
    return await outcomeOf(cloud.clientsFor(keys, ADDRESSES[0]).iam.send(new ListUsersCommand({})));
  } finally {
    cloud.close();
  }
}

async function attachToRoot(organizations: OrganizationsClient): Promise<void> {
  const { Roots = [] } = await organizations.send(new ListRootsCommand({}));
  const { Policy } = await organizations.send(new CreatePolicyCommand({ ...named, Content: SCP }));
  await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId: Roots[0]?.Id }));
}
