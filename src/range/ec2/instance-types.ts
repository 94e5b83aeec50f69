import { _InstanceType, type Instance } from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';

/** What EC2 takes when the caller names no type (EC2 API reference, RunInstances). */
export const DEFAULT_TYPE = 'm1.small';

const KNOWN = new Map(Object.values(_InstanceType).map((type) => [String(type), type]));

/** The type as the SDK names it. @throws AwsError InvalidParameterValue */
export function knownType(type: string): Pick<Instance, 'InstanceType'> {
  const known = KNOWN.get(type);
  if (known === undefined) throw new AwsError('InvalidParameterValue', `Invalid value '${type}' for InstanceType.`);
  return { InstanceType: known };
}
