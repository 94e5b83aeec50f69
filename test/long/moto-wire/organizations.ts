import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  ListTargetsForPolicyCommand,
  MoveAccountCommand,
  UpdatePolicyCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { SCP } from './documents.js';
import type { Memory, Step } from './script.js';

const Filter = 'SERVICE_CONTROL_POLICY';
const wire = { Name: 'wire-guard', Description: 'x', Content: SCP, Type: Filter } as const;
const policyOf = (memory: Memory): { PolicyId: string } => ({ PolicyId: memory.recall('policy') });
const attachment = (memory: Memory): { PolicyId: string; TargetId: string } => ({ ...policyOf(memory), TargetId: memory.recall('unit') });
const NONE = 'p-none0000';

/** Gives an empty moto the same structure as the range's scenario: a root, two units, three accounts besides its own. */
export async function prepareMoto(organizations: OrganizationsClient): Promise<void> {
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots = [] } = await organizations.send(new ListRootsCommand({}));
  const root = Roots[0]?.Id;
  await organizations.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType: Filter }));
  for (const Name of ['workloads', 'security']) await organizations.send(new CreateOrganizationalUnitCommand({ ParentId: root, Name }));
  const { OrganizationalUnits: units = [] } = await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: root }));
  for (const [name, unit] of [
    ['acme-build', 'workloads'],
    ['acme-data', 'workloads'],
    ['acme-hub', 'security'],
  ]) {
    const { CreateAccountStatus } = await organizations.send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }));
    const move = { AccountId: CreateAccountStatus?.AccountId, SourceParentId: root };
    await organizations.send(new MoveAccountCommand({ ...move, DestinationParentId: units.find(({ Name }) => Name === unit)?.Id }));
  }
}

/** The accounts of both have other names and numbers: what they tell of one is compared. */
function namesOf(account: object = {}): string {
  return Object.keys(account).toSorted().join(' ');
}

/** The organization's structure, and service control policies from their making to their end. */
export const ORGANIZATIONS: readonly Step<OrganizationsClient>[] = [
  { name: 'describe the organization', play: (client) => client.send(new DescribeOrganizationCommand({})) },
  {
    name: 'list roots',
    play: async (client, memory) => {
      const answer = await client.send(new ListRootsCommand({}));
      memory.remember('root', answer.Roots?.[0]?.Id);
      return answer;
    },
  },
  {
    name: 'list units',
    play: async (client, memory) => {
      const answer = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId: memory.recall('root') }));
      memory.remember('unit', answer.OrganizationalUnits?.find(({ Name }) => Name === 'workloads')?.Id);
      memory.remember('security', answer.OrganizationalUnits?.find(({ Name }) => Name === 'security')?.Id);
      return answer;
    },
  },
  {
    name: 'list accounts of the unit',
    play: async (client, memory) => {
      const answer = await client.send(new ListAccountsForParentCommand({ ParentId: memory.recall('unit') }));
      memory.remember('account', answer.Accounts?.[0]?.Id);
      return { count: answer.Accounts?.length, members: namesOf(answer.Accounts?.[0]) };
    },
  },
  {
    name: 'list accounts',
    play: async (client) => {
      const { Accounts = [] } = await client.send(new ListAccountsCommand({}));
      return { count: Accounts.length, members: namesOf(Accounts[0]) };
    },
  },
  {
    name: 'describe an account',
    play: async (client, memory) => {
      const { Account = {} } = await client.send(new DescribeAccountCommand({ AccountId: memory.recall('account') }));
      return { status: Account.Status, members: namesOf(Account) };
    },
  },
  { name: 'describe no account', play: (client) => client.send(new DescribeAccountCommand({ AccountId: '123412341234' })) },
  { name: 'list parents', play: (client, memory) => client.send(new ListParentsCommand({ ChildId: memory.recall('account') })) },
  {
    name: 'move an account',
    play: (client, memory) =>
      client.send(
        new MoveAccountCommand({
          AccountId: memory.recall('account'),
          SourceParentId: memory.recall('unit'),
          DestinationParentId: memory.recall('security'),
        }),
      ),
  },
  {
    name: 'list parents after the move',
    play: (client, memory) => client.send(new ListParentsCommand({ ChildId: memory.recall('account') })),
  },

  {
    name: 'create an SCP',
    play: async (client, memory) => {
      const answer = await client.send(new CreatePolicyCommand(wire));
      memory.remember('policy', answer.Policy?.PolicySummary?.Id);
      return answer;
    },
  },
  { name: 'create the SCP again', play: (client) => client.send(new CreatePolicyCommand(wire)) },
  { name: 'create a malformed SCP', play: (client) => client.send(new CreatePolicyCommand({ ...wire, Name: 'wire-bad', Content: '{' })) },
  { name: 'describe the SCP', play: (client, memory) => client.send(new DescribePolicyCommand(policyOf(memory))) },
  { name: 'describe no SCP', play: (client) => client.send(new DescribePolicyCommand({ PolicyId: NONE })) },
  { name: 'update the SCP', play: (client, memory) => client.send(new UpdatePolicyCommand({ ...policyOf(memory), Description: 'y' })) },
  { name: 'update no SCP', play: (client) => client.send(new UpdatePolicyCommand({ PolicyId: NONE, Description: 'y' })) },
  {
    name: 'list SCPs',
    play: async (client) => {
      const { Policies = [] } = await client.send(new ListPoliciesCommand({ Filter }));
      return { ours: Policies.find(({ Name }) => Name === wire.Name), full: Policies.find(({ Name }) => Name === 'FullAWSAccess') };
    },
  },
  { name: 'attach the SCP', play: (client, memory) => client.send(new AttachPolicyCommand(attachment(memory))) },
  { name: 'attach the SCP again', play: (client, memory) => client.send(new AttachPolicyCommand(attachment(memory))) },
  {
    name: 'attach the SCP to nothing',
    play: (client, memory) => client.send(new AttachPolicyCommand({ ...policyOf(memory), TargetId: '123412341234' })),
  },
  { name: 'attach no SCP', play: (client, memory) => client.send(new AttachPolicyCommand({ ...attachment(memory), PolicyId: NONE })) },
  {
    name: 'list SCPs of the unit',
    play: async (client, memory) => {
      const { Policies = [] } = await client.send(new ListPoliciesForTargetCommand({ TargetId: memory.recall('unit'), Filter }));
      return { ours: Policies.find(({ Name }) => Name === wire.Name), full: Policies.find(({ Name }) => Name === 'FullAWSAccess') };
    },
  },
  { name: 'list targets of the SCP', play: (client, memory) => client.send(new ListTargetsForPolicyCommand(policyOf(memory))) },
  { name: 'delete an attached SCP', play: (client, memory) => client.send(new DeletePolicyCommand(policyOf(memory))) },
  { name: 'detach the SCP', play: (client, memory) => client.send(new DetachPolicyCommand(attachment(memory))) },
  { name: 'detach the SCP again', play: (client, memory) => client.send(new DetachPolicyCommand(attachment(memory))) },
  { name: 'delete the SCP', play: (client, memory) => client.send(new DeletePolicyCommand(policyOf(memory))) },
  { name: 'describe the deleted SCP', play: (client, memory) => client.send(new DescribePolicyCommand(policyOf(memory))) },
];
