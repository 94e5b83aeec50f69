import type {
  IamInstanceProfileAssociation,
  IamInstanceProfileAssociationState,
  Instance,
  InstanceMetadataOptionsResponse,
  InstanceState as StateShape,
  InstanceStateChange,
} from '@aws-sdk/client-ec2';
import { knownType } from './instance-types.js';
import type { Ec2Instance, MetadataOptions, ProfileAssociation } from './instances.js';

/** State codes as EC2 numbers them (EC2 API reference, InstanceState). */
const CODES = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopping: 64, stopped: 80 } as const;

/** A state's name, with those that only the answer of the call that began them shows. */
export type StateName = keyof typeof CODES;

/** A state as EC2 answers it. */
export function stateShape(name: StateName): StateShape {
  return { Code: CODES[name], Name: name };
}

/** An instance as EC2 answers it; `state` only where the answer shows a state in passing. */
export function instanceShape(instance: Ec2Instance, state: StateName = instance.state): Instance {
  const { id, imageId, type, launchedAt, association, tags, region, privateIp, clientToken } = instance;
  return {
    InstanceId: id,
    ImageId: imageId,
    State: stateShape(state),
    LaunchTime: new Date(launchedAt),
    ...knownType(type),
    Placement: { AvailabilityZone: `${region}a`, Tenancy: 'default' },
    PrivateIpAddress: privateIp,
    ...(clientToken === undefined ? {} : { ClientToken: clientToken }),
    ...(association === undefined ? {} : { IamInstanceProfile: { Arn: association.profile.arn, Id: association.profile.id } }),
    MetadataOptions: metadataShape(instance.metadata, 'applied'),
    SecurityGroups: instance.groups.map((group) => ({ GroupId: group.id, GroupName: group.name })),
    Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

/** The metadata service's settings as EC2 answers them; `pending` in the answer of the call that changes them. */
export function metadataShape(
  { tokens, hopLimit, endpoint }: MetadataOptions,
  state: 'pending' | 'applied',
): InstanceMetadataOptionsResponse {
  return {
    State: state,
    HttpTokens: tokens,
    HttpPutResponseHopLimit: hopLimit,
    HttpEndpoint: endpoint,
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: 'disabled',
  };
}

/** The profile of an instance as EC2 answers it. */
export function associationShape(
  instanceId: string,
  { id, profile }: ProfileAssociation,
  state: IamInstanceProfileAssociationState,
): IamInstanceProfileAssociation {
  return { AssociationId: id, InstanceId: instanceId, IamInstanceProfile: { Arn: profile.arn, Id: profile.id }, State: state };
}

/** One line of the answer to StopInstances or TerminateInstances. */
export function changeShape(id: string, { before, now }: { before: StateName; now: StateName }): InstanceStateChange {
  return { InstanceId: id, CurrentState: stateShape(now), PreviousState: stateShape(before) };
}
