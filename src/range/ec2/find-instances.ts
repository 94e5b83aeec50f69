import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';
import { matchesWildcard } from '../policy/wildcard.js';
import type { Call } from '../server/call.js';
import type { Ec2Instance, Instances } from './instances.js';

/** The filters of DescribeInstances that the range knows; another one is refused rather than ignored. */
const FILTERS: Readonly<Record<string, (instance: Ec2Instance) => string | undefined>> = {
  'instance-id': ({ id }) => id,
  'instance-state-name': ({ state }) => state,
  'instance-type': ({ type }) => type,
  'image-id': ({ imageId }) => imageId,
  'iam-instance-profile.arn': ({ association }) => association?.profile.arn,
  'iam-instance-profile.id': ({ association }) => association?.profile.id,
  'metadata-options.http-tokens': ({ metadata }) => metadata.tokens,
};

/** The named instances of the call's region, in that order. @throws AwsError InvalidInstanceID.Malformed, InvalidInstanceID.NotFound */
export function instancesNamed(instances: Instances, call: Call, ids: readonly string[]): Ec2Instance[] {
  const own = new Map(instances.inRegion(call.region).map((instance) => [instance.id, instance]));
  const malformed = ids.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
  if (malformed !== undefined) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  const unknown = ids.filter((id) => !own.has(id));
  if (unknown.length > 0)
    throw new AwsError(
      'InvalidInstanceID.NotFound',
      `The instance ID${unknown.length > 1 ? 's' : ''} '${unknown.join(', ')}' do${unknown.length > 1 ? '' : 'es'} not exist`,
    );
  return ids.flatMap((id) => own.get(id) ?? []);
}

/** Whether an instance fits all filters; of one filter's values one must fit. @throws AwsError InvalidParameterValue */
export function fitsFilters(instance: Ec2Instance, filters: readonly Filter[]): boolean {
  return filters.every(({ Name: name = '', Values: values = [] }) => {
    const valueOf = name.startsWith('tag:') ? ({ tags }: Ec2Instance) => tags.get(name.slice('tag:'.length)) : FILTERS[name];
    if (valueOf === undefined) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
    const actual = valueOf(instance);
    return actual !== undefined && values.some((value) => matchesWildcard(value, actual));
  });
}
