import { required, validationError } from '../aws-error.js';

/** What may be named, as AWS's messages call the parameter, and how long the name may be (IAM user guide, "IAM name requirements" and "quotas"). */
const LONGEST = {
  userName: 64,
  groupName: 128,
  roleName: 64,
  policyName: 128,
  instanceProfileName: 128,
  /** No length is documented (IAM API reference, CreateVirtualMFADevice). */
  virtualMFADeviceName: Infinity,
} as const;

/** A parameter that names something new. */
export type NameParameter = keyof typeof LONGEST;

/** Longest path, slashes included (IAM user guide, "quotas"). */
const LONGEST_PATH = 512;

/**
 * A name for something new: letters, digits and `+=,.@_-`.
 *
 * @throws AwsError ValidationError, also when the name is missing
 */
export function newName(name: string | undefined, parameter: NameParameter): string {
  const wanted = required(name, `${parameter.charAt(0).toUpperCase()}${parameter.slice(1)}`);
  const longest = LONGEST[parameter];
  if (wanted.length > longest)
    throw validationError(
      `1 validation error detected: Value '${wanted}' at '${parameter}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    );
  if (!/^[\w+=,.@-]+$/.test(wanted))
    throw validationError(
      `The specified value for ${parameter} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  return wanted;
}

/** The path of something new: `/`, or printable ASCII between two slashes. @throws AwsError ValidationError */
export function newPath(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (path.length > LONGEST_PATH || !/^\/(?:[!-~]+\/)?$/.test(path))
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  return path;
}
