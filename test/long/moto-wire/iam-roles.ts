import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListInstanceProfilesForRoleCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  SetDefaultPolicyVersionCommand,
  UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { ALLOW, PATH, TRUST } from './documents.js';
import type { Step } from './script.js';

const role = { RoleName: 'wire-worker' };
const idle = { RoleName: 'wire-idle' };
const held = { PolicyArn: 'arn:aws:iam::111122223333:policy/wire-held' };
const aged = { PolicyArn: 'arn:aws:iam::111122223333:policy/wire-aged' };
const inline = { ...role, PolicyName: 'notes' };
const profile = { InstanceProfileName: 'wire-box' };
const policy = { PolicyArn: `arn:aws:iam::111122223333:policy${PATH}wire-reads` };

/** Managed policies with their versions, roles and instance profiles. */
export const IAM_ROLES: readonly Step<IAMClient>[] = [
  {
    name: 'create a policy',
    play: (iam) => iam.send(new CreatePolicyCommand({ PolicyName: 'wire-reads', Path: PATH, PolicyDocument: ALLOW, Description: 'x' })),
  },
  {
    name: 'create the policy again',
    play: (iam) => iam.send(new CreatePolicyCommand({ PolicyName: 'wire-reads', Path: PATH, PolicyDocument: ALLOW })),
  },
  { name: 'create a malformed policy', play: (iam) => iam.send(new CreatePolicyCommand({ PolicyName: 'wire-bad', PolicyDocument: '{}' })) },
  { name: 'get the policy', play: (iam) => iam.send(new GetPolicyCommand(policy)) },
  { name: 'get no policy', play: (iam) => iam.send(new GetPolicyCommand({ PolicyArn: `${policy.PolicyArn}-none` })) },
  ...[2, 3, 4, 5, 6].map((number) => ({
    name: `create version ${number}`,
    play: (iam: IAMClient) => iam.send(new CreatePolicyVersionCommand({ ...policy, PolicyDocument: ALLOW, SetAsDefault: number === 3 })),
  })),
  { name: 'list versions', play: (iam) => iam.send(new ListPolicyVersionsCommand(policy)) },
  { name: 'get a version', play: (iam) => iam.send(new GetPolicyVersionCommand({ ...policy, VersionId: 'v2' })) },
  { name: 'get no version', play: (iam) => iam.send(new GetPolicyVersionCommand({ ...policy, VersionId: 'v9' })) },
  { name: 'set the default version', play: (iam) => iam.send(new SetDefaultPolicyVersionCommand({ ...policy, VersionId: 'v2' })) },
  { name: 'set no version as default', play: (iam) => iam.send(new SetDefaultPolicyVersionCommand({ ...policy, VersionId: 'v9' })) },
  { name: 'get the policy with another default', play: (iam) => iam.send(new GetPolicyCommand(policy)) },
  { name: 'delete the default version', play: (iam) => iam.send(new DeletePolicyVersionCommand({ ...policy, VersionId: 'v2' })) },
  { name: 'delete another version', play: (iam) => iam.send(new DeletePolicyVersionCommand({ ...policy, VersionId: 'v1' })) },
  { name: 'create version 6 in its place', play: (iam) => iam.send(new CreatePolicyVersionCommand({ ...policy, PolicyDocument: ALLOW })) },
  { name: 'list own policies of the path', play: (iam) => iam.send(new ListPoliciesCommand({ Scope: 'Local', PathPrefix: PATH })) },

  {
    name: 'create a role',
    play: (iam) =>
      iam.send(
        new CreateRoleCommand({
          ...role,
          Path: PATH,
          AssumeRolePolicyDocument: TRUST,
          Description: 'x',
          Tags: [{ Key: 'team', Value: 'blue' }],
        }),
      ),
  },
  { name: 'create the role again', play: (iam) => iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: TRUST })) },
  {
    name: 'create a role with a malformed trust',
    play: (iam) => iam.send(new CreateRoleCommand({ RoleName: 'wire-bad', AssumeRolePolicyDocument: '{' })),
  },
  { name: 'get the role', play: (iam) => iam.send(new GetRoleCommand(role)) },
  { name: 'get no role', play: (iam) => iam.send(new GetRoleCommand({ RoleName: 'wire-none' })) },
  { name: 'list roles of the path', play: (iam) => iam.send(new ListRolesCommand({ PathPrefix: PATH })) },
  {
    name: 'change the trust',
    play: (iam) => iam.send(new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument: TRUST.replace('ec2', 'lambda') })),
  },
  {
    name: 'change the trust of no role',
    play: (iam) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'wire-none', PolicyDocument: TRUST })),
  },
  { name: 'put an inline policy on the role', play: (iam) => iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: ALLOW })) },
  { name: "get the role's inline policy", play: (iam) => iam.send(new GetRolePolicyCommand(inline)) },
  { name: "list the role's inline policies", play: (iam) => iam.send(new ListRolePoliciesCommand(role)) },
  { name: 'attach the policy to the role', play: (iam) => iam.send(new AttachRolePolicyCommand({ ...role, ...policy })) },
  { name: "list the role's policies", play: (iam) => iam.send(new ListAttachedRolePoliciesCommand(role)) },
  { name: 'list who has the policy', play: (iam) => iam.send(new ListEntitiesForPolicyCommand(policy)) },
  { name: 'get the policy with its count', play: (iam) => iam.send(new GetPolicyCommand(policy)) },
  {
    name: 'create a policy to delete',
    play: (iam) => iam.send(new CreatePolicyCommand({ PolicyName: 'wire-held', PolicyDocument: ALLOW })),
  },
  { name: 'create a role to hold it', play: (iam) => iam.send(new CreateRoleCommand({ ...idle, AssumeRolePolicyDocument: TRUST })) },
  { name: 'attach the policy to delete', play: (iam) => iam.send(new AttachRolePolicyCommand({ ...idle, ...held })) },
  { name: 'delete an attached policy', play: (iam) => iam.send(new DeletePolicyCommand(held)) },
  {
    name: 'put a boundary',
    play: (iam) => iam.send(new PutRolePermissionsBoundaryCommand({ ...role, PermissionsBoundary: policy.PolicyArn })),
  },
  {
    name: 'put no policy as boundary',
    play: (iam) => iam.send(new PutRolePermissionsBoundaryCommand({ ...idle, PermissionsBoundary: `${policy.PolicyArn}-none` })),
  },
  { name: 'get the role with everything', play: (iam) => iam.send(new GetRoleCommand(role)) },

  { name: 'list roles with everything', play: (iam) => iam.send(new ListRolesCommand({ PathPrefix: PATH })) },

  { name: 'create an instance profile', play: (iam) => iam.send(new CreateInstanceProfileCommand({ ...profile, Path: PATH })) },
  { name: 'create the instance profile again', play: (iam) => iam.send(new CreateInstanceProfileCommand(profile)) },
  { name: 'put the role in', play: (iam) => iam.send(new AddRoleToInstanceProfileCommand({ ...profile, ...role })) },
  { name: 'put a second role in', play: (iam) => iam.send(new AddRoleToInstanceProfileCommand({ ...profile, ...role })) },
  { name: 'get the instance profile', play: (iam) => iam.send(new GetInstanceProfileCommand(profile)) },
  { name: 'list instance profiles of the role', play: (iam) => iam.send(new ListInstanceProfilesForRoleCommand(role)) },
  { name: 'delete a full instance profile', play: (iam) => iam.send(new DeleteInstanceProfileCommand(profile)) },
  { name: 'delete a role in an instance profile', play: (iam) => iam.send(new DeleteRoleCommand(role)) },
  { name: 'take the role out', play: (iam) => iam.send(new RemoveRoleFromInstanceProfileCommand({ ...profile, ...role })) },
  { name: 'take the role out again', play: (iam) => iam.send(new RemoveRoleFromInstanceProfileCommand({ ...profile, ...role })) },
  { name: 'delete a role with policies', play: (iam) => iam.send(new DeleteRoleCommand(role)) },
  { name: "delete the role's inline policy", play: (iam) => iam.send(new DeleteRolePolicyCommand(inline)) },
  { name: 'delete a role with a managed policy', play: (iam) => iam.send(new DeleteRoleCommand(role)) },
  { name: 'detach the policy from the role', play: (iam) => iam.send(new DetachRolePolicyCommand({ ...role, ...policy })) },
  { name: 'detach it from the role again', play: (iam) => iam.send(new DetachRolePolicyCommand({ ...role, ...policy })) },
  { name: 'delete the role', play: (iam) => iam.send(new DeleteRoleCommand(role)) },
  { name: 'delete the role again', play: (iam) => iam.send(new DeleteRoleCommand(role)) },
  { name: 'create a policy to age', play: (iam) => iam.send(new CreatePolicyCommand({ PolicyName: 'wire-aged', PolicyDocument: ALLOW })) },
  { name: 'age it', play: (iam) => iam.send(new CreatePolicyVersionCommand({ ...aged, PolicyDocument: ALLOW, SetAsDefault: true })) },
  { name: 'delete a policy with versions', play: (iam) => iam.send(new DeletePolicyCommand(aged)) },
  ...[3, 4, 5, 6].map((number) => ({
    name: `delete version ${number}`,
    play: (iam: IAMClient) => iam.send(new DeletePolicyVersionCommand({ ...policy, VersionId: `v${number}` })),
  })),
  { name: 'delete the policy', play: (iam) => iam.send(new DeletePolicyCommand(policy)) },
  { name: 'delete the instance profile', play: (iam) => iam.send(new DeleteInstanceProfileCommand(profile)) },
];
