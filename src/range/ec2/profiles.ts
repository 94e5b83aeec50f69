import type { IamInstanceProfileSpecification } from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';
import { passing } from '../iam/lookup.js';
import type { InstanceProfile } from '../iam/model.js';
import type { Call } from '../server/call.js';
import type { AlsoNeeded } from '../server/operation.js';

type Wanted = IamInstanceProfileSpecification | undefined;

/** The instance profile a call names, by name or ARN; undefined when there is none of the kind. */
export function findProfile({ account }: Call, wanted: Wanted): InstanceProfile | undefined {
  return account.instanceProfiles.list().find(({ name, arn }) => wanted !== undefined && (name === wanted.Name || arn === wanted.Arn));
}

/** @throws AwsError InvalidParameterValue */
export function profileNamed(call: Call, wanted: Wanted): InstanceProfile {
  const profile = findProfile(call, wanted);
  if (profile !== undefined) return profile;
  const [parameter, value] = wanted?.Arn === undefined ? ['name', wanted?.Name ?? ''] : ['arn', wanted.Arn];
  throw new AwsError(
    'InvalidParameterValue',
    `Value (${value}) for parameter iamInstanceProfile.${parameter} is invalid. Invalid IAM Instance Profile ${parameter === 'arn' ? 'ARN' : 'name'}`,
  );
}

/** The permission to hand the role in a profile to EC2; nothing for an empty or unknown profile. */
export function passingRoleIn(call: Call, wanted: Wanted): AlsoNeeded[] {
  const role = findProfile(call, wanted)?.role.latest();
  return role === undefined ? [] : [passing(call, role)];
}
