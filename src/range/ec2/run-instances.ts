import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';
import type { Recorder } from '../cloudtrail/recorder.js';
import type { Call } from '../server/call.js';
import { operation, type Operation } from '../server/operation.js';
import { issueInstanceCredentials } from './instance-credentials.js';
import { groupsNamed } from './groups.js';
import { knownType, DEFAULT_TYPE } from './instance-types.js';
import type { Ec2Instance, Instances } from './instances.js';
import { passingRoleIn, profileNamed } from './profiles.js';
import { launchRecord } from './records.js';
import { refuseDryRun } from './refuse-dry-run.js';
import { instanceShape } from './shapes.js';

/** As many as the range lets one account have running. AWS counts vCPUs, and its quotas differ by type. */
const MAX_RUNNING = 20;

/** RunInstances: starts machines, and hands them the role of their instance profile. */
export function createRunInstances({ instances, recorder }: { instances: Instances; recorder: Recorder }): Operation {
  const made = (ids: readonly (string | undefined)[]): Ec2Instance[] => instances.all().filter(({ id }) => ids.includes(id));

  return operation<RunInstancesRequest, Reservation>({
    kind: 'write',
    access: (input, call) => ({
      resources: [`arn:aws:ec2:${call.region}:${call.account.id}:instance/*`],
      also: passingRoleIn(call, input.IamInstanceProfile),
    }),
    run: (input, call) => {
      refuseDryRun(input);
      const repeated = instances
        .inRegion(call.region)
        .filter(({ clientToken }) => clientToken !== undefined && clientToken === input.ClientToken);
      const launched = repeated.length > 0 ? repeated : launch(instances, { input, call });
      return {
        ReservationId: launched[0]?.reservationId,
        OwnerId: call.account.id,
        Groups: [],
        Instances: launched.map((instance) => instanceShape(instance, 'pending')),
      };
    },
    recordAs: (input, output, call) => launchRecord(input, made(output?.Instances?.map(({ InstanceId }) => InstanceId) ?? []), call),
    followUp: (_input, { Instances: launched = [] }, call) => {
      for (const instance of made(launched.map(({ InstanceId }) => InstanceId)))
        issueInstanceCredentials({ account: call.account, recorder, random: call.random }, { instance, at: call.at });
    },
  });
}

/** @throws AwsError MissingParameter, InvalidAMIID.Malformed, InvalidParameterValue, InstanceLimitExceeded */
function launch(instances: Instances, { input, call }: { input: RunInstancesRequest; call: Call }): Ec2Instance[] {
  const { ImageId: imageId, MaxCount: count = 1, InstanceType: type = DEFAULT_TYPE } = input;
  if (imageId === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  if (!/^ami-[0-9a-f]{8,17}$/.test(imageId)) throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${imageId}"`);
  knownType(type);
  const running = instances.all().filter(({ state }) => state === 'running').length;
  if (count < 1 || running + count > MAX_RUNNING)
    throw new AwsError(
      'InstanceLimitExceeded',
      `You have requested more instances (${running + count}) than your current limit of ${MAX_RUNNING} allows.`,
    );
  const profile = input.IamInstanceProfile === undefined ? undefined : profileNamed(call, input.IamInstanceProfile);
  const groups = input.SecurityGroupIds === undefined ? undefined : groupsNamed(instances, call, input.SecurityGroupIds);
  const { HttpTokens: tokens, HttpPutResponseHopLimit: hopLimit, HttpEndpoint: endpoint } = input.MetadataOptions ?? {};
  const tags = (input.TagSpecifications ?? []).filter(({ ResourceType: kind }) => kind === 'instance').flatMap(({ Tags = [] }) => Tags);
  return instances.launch({
    count,
    region: call.region,
    imageId,
    type,
    launchedAt: Math.floor(call.at / 1000) * 1000,
    launchedBy: { keyId: call.caller.accessKeyId, sourceIp: call.sourceIp },
    clientToken: input.ClientToken,
    profile: profile === undefined ? undefined : { arn: profile.arn, id: profile.id },
    metadata: { tokens: tokens ?? 'optional', hopLimit: hopLimit ?? 1, endpoint: endpoint ?? 'enabled' },
    ...(groups === undefined ? {} : { groups }),
    tags: new Map(tags.map(({ Key: key = '', Value: value = '' }) => [key, value])),
  });
}
