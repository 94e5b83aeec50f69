import type {
  CreateLoginProfileRequest,
  CreateLoginProfileResponse,
  DeleteLoginProfileRequest,
  GetLoginProfileRequest,
  GetLoginProfileResponse,
  LoginProfile as LoginProfileShape,
  UpdateLoginProfileRequest,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import { operation, type Operations } from '../../server/operation.js';
import type { LoginProfile, RootUser, User } from '../model.js';
import { namedOwner, onOwner, ownerOf } from '../owner.js';

/** Calls about console passwords. The range keeps no password, only that there is one. */
export const loginProfileOperations: Operations = {
  GetLoginProfile: operation<GetLoginProfileRequest, GetLoginProfileResponse>({
    kind: 'read',
    access: onOwner,
    run: (input, call) => {
      const user = ownerOf(call, input.UserName);
      const profile = user.loginProfile.seen(call.view);
      if (profile === undefined) throw noSuchEntity('Login Profile for User', user.name);
      return { LoginProfile: shape(user, profile) };
    },
  }),

  CreateLoginProfile: operation<CreateLoginProfileRequest, CreateLoginProfileResponse>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      const user = ownerOf(call, input.UserName);
      required(input.Password, 'Password');
      if (user.loginProfile.latest() !== undefined)
        throw new AwsError('EntityAlreadyExists', `Login Profile for user ${user.name} already exists.`, 409);
      const profile: LoginProfile = { createdAt: Math.floor(call.at / 1000) * 1000, resetRequired: input.PasswordResetRequired ?? false };
      user.loginProfile.set(profile, call.creation());
      return { LoginProfile: shape(user, profile) };
    },
  }),

  UpdateLoginProfile: operation<UpdateLoginProfileRequest, object>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      const user = ownerOf(call, input.UserName);
      const profile = user.loginProfile.latest();
      if (profile === undefined) throw noSuchEntity('Login Profile for User', user.name);
      user.loginProfile.set({ ...profile, resetRequired: input.PasswordResetRequired ?? profile.resetRequired }, call.change());
      return {};
    },
  }),

  DeleteLoginProfile: operation<DeleteLoginProfileRequest, object>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      const user = ownerOf(call, input.UserName);
      if (user.loginProfile.latest() === undefined) throw noSuchEntity('Login Profile for User', user.name);
      user.loginProfile.set(undefined, call.change());
      return {};
    },
  }),
};

function shape(owner: User | RootUser, { createdAt, resetRequired }: LoginProfile): LoginProfileShape {
  return { UserName: namedOwner(owner), CreateDate: new Date(createdAt), PasswordResetRequired: resetRequired };
}
