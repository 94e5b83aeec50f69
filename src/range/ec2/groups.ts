import { AwsError } from '../aws-error.js';
import type { Call } from '../server/call.js';
import type { Instances, SecurityGroup } from './instances.js';

/** The named security groups of the call's region. @throws AwsError InvalidGroupId.Malformed, InvalidGroup.NotFound */
export function groupsNamed(instances: Instances, { region }: Call, ids: readonly string[]): SecurityGroup[] {
  return ids.map((id) => {
    if (!/^sg-[0-9a-f]{8,17}$/.test(id)) throw new AwsError('InvalidGroupId.Malformed', `Invalid id: "${id}" (expecting "sg-...")`);
    const group = instances.group(region, id);
    if (group === undefined) throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
    return group;
  });
}
