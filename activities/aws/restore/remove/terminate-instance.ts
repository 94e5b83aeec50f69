import { DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { EradicateInput, EradicationResult } from '../../../../src/contracts/eradication.js';
import { requestIdsOf } from '../../measures/request-ids.js';
import { nameOf } from '../../../../src/domain/principals/arn.js';
import { createRemoval, type RemovalDeps } from '../removal.js';

/**
 * Terminates an instance that the intruder ran. Memory and instance store are lost: people consent with that in view.
 * Needs `ec2:DescribeInstances` and `ec2:TerminateInstances`.
 *
 * @throws as every removal.
 */
export function createTerminateInstance(deps: RemovalDeps): (input: EradicateInput) => Promise<EradicationResult> {
  const client = (target: string) => deps.ec2(target.split(':')[3] ?? 'us-east-1');
  return createRemoval(
    {
      action: 'terminateInstance',
      async copy(target) {
        const { Reservations } = await client(target).send(new DescribeInstancesCommand({ InstanceIds: [nameOf(target)] }));
        const copy: unknown = JSON.parse(JSON.stringify(Reservations ?? []));
        return copy;
      },
      remove: async (target) => requestIdsOf(await client(target).send(new TerminateInstancesCommand({ InstanceIds: [nameOf(target)] }))),
    },
    deps,
  );
}
