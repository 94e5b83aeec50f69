import type {
  AddRoleToInstanceProfileRequest,
  CreateInstanceProfileRequest,
  CreateInstanceProfileResponse,
  DeleteInstanceProfileRequest,
  GetInstanceProfileRequest,
  GetInstanceProfileResponse,
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesForRoleResponse,
  ListInstanceProfilesRequest,
  ListInstanceProfilesResponse,
  RemoveRoleFromInstanceProfileRequest,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { operation, type Operations } from '../../server/operation.js';
import { instanceProfileOf, modifiableRoleOf, onInstanceProfile, onRole, passing, profilesWith, roleOf } from '../lookup.js';
import { newName, newPath } from '../names.js';
import { pageOf } from '../paging.js';
import { instanceProfileShape } from '../shapes.js';

/** Calls about instance profiles: the way a role gets into an EC2 instance. */
export const instanceProfileOperations: Operations = {
  GetInstanceProfile: operation<GetInstanceProfileRequest, GetInstanceProfileResponse>({
    kind: 'read',
    access: onInstanceProfile,
    run: (input, call) => ({
      InstanceProfile: instanceProfileShape(instanceProfileOf(call, input.InstanceProfileName), call.account, call.view),
    }),
  }),

  ListInstanceProfiles: operation<ListInstanceProfilesRequest, ListInstanceProfilesResponse>({
    kind: 'read',
    access: ({ PathPrefix: path = '/' }, call) => ({ resources: [`arn:aws:iam::${call.account.id}:instance-profile${path}`] }),
    run: (input, call) => {
      const profiles = call.account.instanceProfiles.list(call.view).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      const { page, paging } = pageOf(profiles, input);
      return { InstanceProfiles: page.map((profile) => instanceProfileShape(profile, call.account, call.view)), ...paging };
    },
  }),

  ListInstanceProfilesForRole: operation<ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse>({
    kind: 'read',
    access: onRole,
    run: (input, call) => {
      const { page, paging } = pageOf(profilesWith(call, roleOf(call, input.RoleName)), input);
      return { InstanceProfiles: page.map((profile) => instanceProfileShape(profile, call.account, call.view)), ...paging };
    },
  }),

  CreateInstanceProfile: operation<CreateInstanceProfileRequest, CreateInstanceProfileResponse>({
    kind: 'write',
    access: ({ InstanceProfileName: name = '', Path: path = '/' }, call) => ({
      resources: [`arn:aws:iam::${call.account.id}:instance-profile${path}${name}`],
    }),
    run: (input, call) => {
      const name = newName(input.InstanceProfileName, 'instanceProfileName');
      const path = newPath(input.Path);
      if (call.account.instanceProfiles.find(name) !== undefined)
        throw new AwsError('EntityAlreadyExists', `Instance Profile ${name} already exists.`, 409);
      const profile = call.account.addInstanceProfile({ name, path });
      return { InstanceProfile: instanceProfileShape(profile, call.account, call.view) };
    },
  }),

  AddRoleToInstanceProfile: operation<AddRoleToInstanceProfileRequest, object>({
    kind: 'write',
    access: (input, call) => ({ ...onInstanceProfile(input, call), also: [passing(call, input.RoleName)] }),
    run: (input, call) => {
      const profile = instanceProfileOf(call, input.InstanceProfileName);
      const role = modifiableRoleOf(call, input.RoleName);
      if (profile.role.latest() !== undefined)
        throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
      profile.role.set(role.name, call.change());
      return {};
    },
  }),

  RemoveRoleFromInstanceProfile: operation<RemoveRoleFromInstanceProfileRequest, object>({
    kind: 'write',
    access: onInstanceProfile,
    run: (input, call) => {
      const profile = instanceProfileOf(call, input.InstanceProfileName);
      const name = required(input.RoleName, 'RoleName');
      if (profile.role.latest() !== name) throw noSuchEntity('role', name);
      modifiableRoleOf(call, name);
      profile.role.set(undefined, call.change());
      return {};
    },
  }),

  DeleteInstanceProfile: operation<DeleteInstanceProfileRequest, object>({
    kind: 'write',
    access: onInstanceProfile,
    run: (input, call) => {
      const profile = instanceProfileOf(call, input.InstanceProfileName);
      if (profile.role.latest() !== undefined)
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.', 409);
      profile.exists.set(false, call.change());
      return {};
    },
  }),
};
