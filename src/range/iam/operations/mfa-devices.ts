import type {
  CreateVirtualMFADeviceRequest,
  CreateVirtualMFADeviceResponse,
  DeactivateMFADeviceRequest,
  DeleteVirtualMFADeviceRequest,
  EnableMFADeviceRequest,
  ListMFADevicesRequest,
  ListMFADevicesResponse,
  ListVirtualMFADevicesRequest,
  ListVirtualMFADevicesResponse,
} from '@aws-sdk/client-iam';
import { AwsError, noSuchEntity, required } from '../../aws-error.js';
import type { Call } from '../../server/call.js';
import { operation, type Operations } from '../../server/operation.js';
import { onAccount, onUser, userOf } from '../lookup.js';
import type { RootUser, User } from '../model.js';
import { newName, newPath } from '../names.js';
import { namedOwner, onOwner, ownerOf } from '../owner.js';
import { pageOf } from '../paging.js';
import { rootShape, userShape } from '../shapes.js';

/** A user has at most eight MFA devices (IAM quotas). */
const MAX_DEVICES = 8;

const SEED_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Calls about MFA devices. The range believes any two different six-digit codes: it does not compute them. */
export const mfaDeviceOperations: Operations = {
  ListMFADevices: operation<ListMFADevicesRequest, ListMFADevicesResponse>({
    kind: 'read',
    access: onOwner,
    run: (input, call) => {
      const owner = ownerOf(call, input.UserName);
      const { page, paging } = pageOf(owner.mfaDevices.seen(call.view), input);
      const devices = page.map(([SerialNumber, { enabledAt }]) => ({
        UserName: namedOwner(owner),
        SerialNumber,
        EnableDate: new Date(enabledAt),
      }));
      return { MFADevices: devices, ...paging };
    },
  }),

  ListVirtualMFADevices: operation<ListVirtualMFADevicesRequest, ListVirtualMFADevicesResponse>({
    kind: 'read',
    access: onAccount,
    run: (input, call) => {
      const devices = call.account.virtualMfaDevices.seen(call.view).map(([serial]) => virtualShape(call, serial));
      const wanted = devices.filter(
        ({ User }) => (input.AssignmentStatus ?? 'Any') === 'Any' || (input.AssignmentStatus === 'Assigned') === (User !== undefined),
      );
      const { page, paging } = pageOf(wanted, input);
      return { VirtualMFADevices: page, ...paging };
    },
  }),

  CreateVirtualMFADevice: operation<CreateVirtualMFADeviceRequest, CreateVirtualMFADeviceResponse>({
    kind: 'write',
    access: ({ VirtualMFADeviceName: name = '', Path: path = '/' }, call) => ({ resources: [serialOf(call, { name, path })] }),
    run: (input, call) => {
      const name = newName(input.VirtualMFADeviceName, 'virtualMFADeviceName');
      const path = newPath(input.Path) ?? '/';
      const serialNumber = serialOf(call, { name, path });
      if (call.account.virtualMfaDevices.get(serialNumber) !== undefined)
        throw new AwsError('EntityAlreadyExists', `MFADevice entity at the same path and name already exists.`, 409);
      call.account.virtualMfaDevices.set(serialNumber, { serialNumber, name, path }, call.creation());
      const seed = Buffer.from(call.random.text(SEED_ALPHABET, 64));
      return { VirtualMFADevice: { SerialNumber: serialNumber, Base32StringSeed: seed, QRCodePNG: Buffer.from('range: no picture') } };
    },
  }),

  DeleteVirtualMFADevice: operation<DeleteVirtualMFADeviceRequest, object>({
    kind: 'write',
    access: ({ SerialNumber: serial = '*' }) => ({ resources: [serial] }),
    run: (input, call) => {
      const serial = required(input.SerialNumber, 'SerialNumber');
      if (call.account.virtualMfaDevices.get(serial, call.view) === undefined) throw noSuchEntity('VirtualMFADevice', serial);
      if (holderOf(call, serial) !== undefined)
        throw new AwsError('DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.', 409);
      call.account.virtualMfaDevices.remove(serial, call.change());
      return {};
    },
  }),

  EnableMFADevice: operation<EnableMFADeviceRequest, object>({
    kind: 'write',
    access: onUser,
    run: (input, call) => {
      const user = userOf(call, input.UserName);
      const serial = required(input.SerialNumber, 'SerialNumber');
      if (call.account.virtualMfaDevices.get(serial, call.view) === undefined) throw noSuchEntity('VirtualMFADevice', serial);
      if (holderOf(call, serial) !== undefined) throw new AwsError('EntityAlreadyExists', 'MFA Device is already in use.', 409);
      const codes = [input.AuthenticationCode1, input.AuthenticationCode2];
      if (codes.some((code) => code === undefined || !/^\d{6}$/.test(code)) || codes[0] === codes[1])
        throw new AwsError('InvalidAuthenticationCode', 'Authentication code for device is not valid.', 403);
      if (user.mfaDevices.seen().length >= MAX_DEVICES)
        throw new AwsError('LimitExceeded', `Cannot exceed quota for MFADevicesPerUser: ${MAX_DEVICES}`, 409);
      const enabledAt = Math.floor(call.at / 1000) * 1000;
      user.mfaDevices.set(serial, { serialNumber: serial, enabledAt }, call.change());
      return {};
    },
  }),

  DeactivateMFADevice: operation<DeactivateMFADeviceRequest, object>({
    kind: 'write',
    access: onOwner,
    run: (input, call) => {
      const user = ownerOf(call, input.UserName);
      const serial = required(input.SerialNumber, 'SerialNumber');
      if (user.mfaDevices.get(serial, call.view) === undefined)
        throw new AwsError('NoSuchEntity', `MFA Device invalid for user ${user.name}.`, 404);
      user.mfaDevices.remove(serial, call.change());
      return {};
    },
  }),
};

function serialOf({ account }: Call, { name, path }: { name: string; path: string }): string {
  return `arn:aws:iam::${account.id}:mfa${path}${name}`;
}

function holderOf({ account }: Call, serial: string): User | RootUser | undefined {
  return [account.root, ...account.users.list()].find(({ mfaDevices }) => mfaDevices.get(serial) !== undefined);
}

function virtualShape(call: Call, serial: string) {
  const user = holderOf(call, serial);
  const enabledAt = user?.mfaDevices.get(serial)?.enabledAt;
  return {
    SerialNumber: serial,
    ...(user === undefined ? {} : { User: holderShape(call, user) }),
    ...(enabledAt === undefined ? {} : { EnableDate: new Date(enabledAt) }),
  };
}

function holderShape({ account, view }: Call, holder: User | RootUser) {
  return holder.kind === 'user' ? userShape(holder, { view, detail: 'listed' }) : rootShape(account);
}
