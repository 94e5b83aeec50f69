import {
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { createVirtualClock, startRange, type Range, type RangeOptions, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor } from './clients.js';

/** A range with an attacker at work. */
export type Attack = { readonly range: Range; readonly clock: VirtualClock };

/** Lets the actors work for some seconds; nothing lags unless the test says so. */
export async function attack(options: RangeOptions, seconds: number, names?: readonly string[]): Promise<Attack> {
  const clock = createVirtualClock();
  const propagationSeconds = options.propagationSeconds ?? { min: 0, max: 0 };
  const range = await startRange({ scenario: 'standalone', ...options, clock, propagationSeconds });
  range.startActors(names);
  await clock.advance(seconds * 1000);
  return { range, clock };
}

/** Clients of an administrator. */
export function adminOf(range: Range): ReturnType<typeof clientsFor> {
  return clientsFor(range, range.identities.admin);
}

/** The principals of which something is alive, as kind and the last part of the ARN. */
export function survivors(range: Range): string[] {
  return range
    .attackerAccess()
    .filter(({ alive }) => alive)
    .map(({ kind, principalArn }) => `${kind} ${principalArn.split(':').at(-1) ?? ''}`);
}

/** What an administrator does by hand once the attacker has stopped: everything he made goes, and what he came in with. */
export async function cleanUp(range: Range, isMade: (name: string) => boolean): Promise<void> {
  const { iam } = adminOf(range);
  const { users, roles } = range.iamState();
  for (const { name: UserName, keys, inline } of users.filter(({ name }) => isMade(name))) {
    for (const { accessKeyId } of keys) await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: accessKeyId }));
    for (const PolicyName of Object.keys(inline)) await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    await iam.send(new DeleteUserCommand({ UserName }));
  }
  for (const { name: RoleName, inline } of roles.filter(({ name }) => isMade(name))) {
    for (const PolicyName of Object.keys(inline)) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  }
}

/** Switches the leaked key off. */
export async function switchLeakedKeyOff(range: Range): Promise<void> {
  const { userName: UserName, accessKeyId: AccessKeyId } = range.identities.leaked;
  await adminOf(range).iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' }));
}
