import { DescribeInstancesCommand, type EC2Client, type Instance } from '@aws-sdk/client-ec2';
import { permanent } from '../../../src/contracts/failures.js';
import type { AwsAccess } from '../aws-access.js';
import type { OpenField } from './field-measure.js';

/** The instance of a target `<region>/<id>`, with a client of its region. @throws TargetNotFound, permanent */
export async function instanceOf(
  access: Pick<AwsAccess, 'ec2'>,
  { scope, target }: OpenField,
): Promise<{ client: EC2Client; id: string; instance: Instance }> {
  const [region = '', id = ''] = target.split('/');
  const client = access.ec2(scope, region);
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const instance = Reservations.flatMap(({ Instances = [] }) => Instances)[0];
  if (instance === undefined) throw permanent('TargetNotFound', `${region} has no instance ${id}`);
  return { client, id, instance };
}
