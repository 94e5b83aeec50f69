import type { InstanceStateChange, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { wholeSecond } from '../cloudtrail/parameters.js';
import type { EventResource } from '../cloudtrail/resources.js';
import type { Call } from '../server/call.js';
import type { RecordedAs } from '../server/operation.js';
import type { Ec2Instance } from './instances.js';
import { stateShape } from './shapes.js';

/** CloudTrail writes EC2's lists as `{"items": […]}` (CloudTrail user guide, EC2 example records). */
function itemsOf<T>(list: readonly T[]): { readonly items?: readonly T[] } {
  return list.length === 0 ? {} : { items: list };
}

function idsForm(ids: readonly string[]): Readonly<Record<string, unknown>> {
  return itemsOf(ids.map((instanceId) => ({ instanceId })));
}

/** Instances as LookupEvents lists them. */
export function instanceResources(ids: readonly string[]): EventResource[] {
  return ids.map((id) => ({ ResourceType: 'AWS::EC2::Instance', ResourceName: id }));
}

/** The record of RunInstances. */
export function launchRecord(input: RunInstancesRequest, made: readonly Ec2Instance[], { requestId, account }: Call): RecordedAs {
  const { ImageId: imageId = '', InstanceType: instanceType, MinCount: minCount, MaxCount: maxCount, IamInstanceProfile: profile } = input;
  const profileForm = {
    ...(profile?.Name === undefined ? {} : { name: profile.Name }),
    ...(profile?.Arn === undefined ? {} : { arn: profile.Arn }),
  };
  return {
    request: {
      instancesSet: itemsOf([{ imageId, minCount, maxCount }]),
      ...(instanceType === undefined ? {} : { instanceType }),
      ...(profile === undefined ? {} : { iamInstanceProfile: profileForm }),
      ...(input.UserData === undefined ? {} : { userData: '<sensitiveDataRemoved>' }),
      blockDeviceMapping: {},
      monitoring: { enabled: input.Monitoring?.Enabled ?? false },
      disableApiTermination: input.DisableApiTermination ?? false,
      ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
    },
    response: {
      requestId,
      reservationId: made[0]?.reservationId,
      ownerId: account.id,
      groupSet: {},
      instancesSet: itemsOf(made.map(launchedForm)),
    },
    resources: [...instanceResources(made.map(({ id }) => id)), { ResourceType: 'AWS::EC2::Ami', ResourceName: imageId }],
  };
}

function launchedForm({ id, imageId, type, launchedAt, association, region, privateIp }: Ec2Instance): Readonly<Record<string, unknown>> {
  return {
    instanceId: id,
    imageId,
    instanceState: { code: stateShape('pending').Code, name: 'pending' },
    instanceType: type,
    launchTime: Date.parse(wholeSecond(launchedAt)),
    placement: { availabilityZone: `${region}a`, tenancy: 'default' },
    privateIpAddress: privateIp,
    ...(association === undefined ? {} : { iamInstanceProfile: association.profile }),
  };
}

/** The record of StopInstances and TerminateInstances. */
export function changeRecord(ids: readonly string[], changes: readonly InstanceStateChange[], { requestId }: Call): RecordedAs {
  const state = (one: InstanceStateChange['CurrentState']): object => ({ code: one?.Code, name: one?.Name });
  const items = changes.map(({ InstanceId, CurrentState, PreviousState }) => ({
    instanceId: InstanceId,
    currentState: state(CurrentState),
    previousState: state(PreviousState),
  }));
  return {
    request: { instancesSet: idsForm(ids) },
    response: { requestId, instancesSet: itemsOf(items) },
    resources: instanceResources(ids),
  };
}

/** The record of DescribeInstances. */
export function describeRecord(ids: readonly string[]): RecordedAs {
  return { request: { instancesSet: idsForm(ids), filterSet: {} }, resources: [] };
}

/**
 * The record of the newer calls: whole request and answer under their own names, spelt as in the API (e.g. `AssociateIamInstanceProfileRequest`
 * and `ModifyInstanceMetadataOptionsRequest` in published CloudTrail records of these two).
 */
export function wrappedRecord(
  name: string,
  { input, output, call }: { input: object; output: object | undefined; call: Call },
): RecordedAs {
  const ids = 'InstanceId' in input && typeof input.InstanceId === 'string' ? [input.InstanceId] : [];
  return {
    request: { [`${name}Request`]: input },
    ...(output === undefined ? {} : { response: { [`${name}Response`]: { ...output, requestId: call.requestId } } }),
    resources: instanceResources(ids),
  };
}

/** The record of ModifyInstanceAttribute. */
export function groupsRecord({ id, groups }: { id: string; groups: readonly string[] }, { requestId }: Call): RecordedAs {
  return {
    request: { instanceId: id, groupSet: itemsOf(groups.map((groupId) => ({ groupId }))) },
    response: { requestId, _return: true },
    resources: [...instanceResources([id]), ...groups.map((name) => ({ ResourceType: 'AWS::EC2::SecurityGroup', ResourceName: name }))],
  };
}
