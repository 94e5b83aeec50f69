import type {
  InstanceStateChange,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import { instancesNamed } from './find-instances.js';
import type { Ec2Instance, Instances, InstanceState } from './instances.js';
import { changeRecord } from './records.js';
import { refuseDryRun } from './refuse-dry-run.js';
import { changeShape, type StateName } from './shapes.js';

/** Calls that stop or end instances. Neither ends the credentials an instance was given. */
export function createStateOperations(instances: Instances): Operations {
  return {
    StopInstances: operation<StopInstancesRequest, StopInstancesResult>({
      kind: 'write',
      access: onInstances,
      run: (input, call) => {
        refuseDryRun(input);
        const stopping = instancesNamed(instances, call, input.InstanceIds ?? []);
        const gone = stopping.find(({ state }) => state === 'terminated');
        if (gone !== undefined)
          throw new AwsError('IncorrectInstanceState', `The instance '${gone.id}' is not in a state from which it can be stopped.`);
        return { StoppingInstances: stopping.map((instance) => change(instance, { to: 'stopped', shown: 'stopping' })) };
      },
      recordAs: ({ InstanceIds: ids = [] }, output, call) => changeRecord(ids, output?.StoppingInstances ?? [], call),
    }),

    TerminateInstances: operation<TerminateInstancesRequest, TerminateInstancesResult>({
      kind: 'write',
      access: onInstances,
      run: (input, call) => {
        refuseDryRun(input);
        const ending = instancesNamed(instances, call, input.InstanceIds ?? []);
        return { TerminatingInstances: ending.map((instance) => change(instance, { to: 'terminated', shown: 'shutting-down' })) };
      },
      recordAs: ({ InstanceIds: ids = [] }, output, call) => changeRecord(ids, output?.TerminatingInstances ?? [], call),
    }),
  };
}

function onInstances({ InstanceIds: ids = [] }: { readonly InstanceIds?: readonly string[] | undefined }, call: Call): Access {
  return { resources: ids.map((id) => `arn:aws:ec2:${call.region}:${call.account.id}:instance/${id}`) };
}

/** A terminated instance stays so; asking again changes nothing. */
function change(instance: Ec2Instance, { to, shown }: { to: InstanceState; shown: StateName }): InstanceStateChange {
  const before = instance.state;
  if (before === to) return changeShape(instance.id, { before, now: to });
  instance.state = to;
  return changeShape(instance.id, { before, now: shown });
}
