import type {
  ModifyInstanceAttributeRequest,
  ModifyInstanceMetadataOptionsRequest,
  ModifyInstanceMetadataOptionsResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { instancesNamed } from './find-instances.js';
import { groupsNamed } from './groups.js';
import type { Ec2Instance, Instances } from './instances.js';
import { groupsRecord, wrappedRecord } from './records.js';
import { refuseDryRun } from './refuse-dry-run.js';
import { metadataShape } from './shapes.js';

/** What ModifyInstanceAttribute may be asked. */
const CHANGEABLE = new Set(['InstanceId', 'Groups', 'DryRun']);

/** Calls that change how an instance is reached: its metadata service, and its security groups. */
export function createModifyOperations(instances: Instances): Operations {
  return {
    ModifyInstanceMetadataOptions: operation<ModifyInstanceMetadataOptionsRequest, ModifyInstanceMetadataOptionsResult>({
      kind: 'write',
      access: ({ InstanceId: id = '*' }, call) => ({ resources: [instanceArn(call, id)] }),
      run: (input, call) => {
        refuseDryRun(input);
        const instance = liveInstance(instances, call, input.InstanceId);
        const { HttpTokens: tokens, HttpPutResponseHopLimit: hopLimit, HttpEndpoint: endpoint } = input;
        if (hopLimit !== undefined && (hopLimit < 1 || hopLimit > 64))
          throw new AwsError('InvalidParameterValue', `Value (${hopLimit}) for parameter httpPutResponseHopLimit is invalid.`);
        instance.metadata = {
          tokens: tokens ?? instance.metadata.tokens,
          hopLimit: hopLimit ?? instance.metadata.hopLimit,
          endpoint: endpoint ?? instance.metadata.endpoint,
        };
        return { InstanceId: instance.id, InstanceMetadataOptions: metadataShape(instance.metadata, 'pending') };
      },
      recordAs: (input, output, call) => wrappedRecord('ModifyInstanceMetadataOptions', { input, output, call }),
    }),

    ModifyInstanceAttribute: operation<ModifyInstanceAttributeRequest, object>({
      kind: 'write',
      access: ({ InstanceId: id = '*', Groups: groups = [] }, call) => ({
        resources: [
          instanceArn(call, id),
          ...groups.map((group) => `arn:aws:ec2:${call.region}:${call.account.id}:security-group/${group}`),
        ],
      }),
      run: (input, call) => {
        refuseDryRun(input);
        const { InstanceId: id, Groups: groups = [] } = input;
        // Changing anything else is refused rather than ignored: the range keeps no other attribute.
        if (groups.length === 0 || Object.keys(input).some((name) => !CHANGEABLE.has(name)))
          throw new AwsError('InvalidParameterCombination', 'The range changes the attribute groupSet only.');
        const instance = liveInstance(instances, call, id);
        instance.groups = groupsNamed(instances, call, groups);
        return {};
      },
      recordAs: ({ InstanceId: id = '', Groups: groups = [] }, _output, call) => groupsRecord({ id, groups }, call),
    }),
  };
}

function instanceArn({ region, account }: Call, id: string): string {
  return `arn:aws:ec2:${region}:${account.id}:instance/${id}`;
}

/** @throws AwsError InvalidInstanceID.NotFound, IncorrectInstanceState */
function liveInstance(instances: Instances, call: Call, id = ''): Ec2Instance {
  const [instance] = instancesNamed(instances, call, [id]);
  if (instance === undefined || instance.state === 'terminated')
    throw new AwsError('IncorrectInstanceState', `The instance '${id}' is not in a state from which it can be modified.`);
  return instance;
}
