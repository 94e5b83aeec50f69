import type {
  AssociateIamInstanceProfileRequest,
  AssociateIamInstanceProfileResult,
  DisassociateIamInstanceProfileRequest,
  DisassociateIamInstanceProfileResult,
  ReplaceIamInstanceProfileAssociationRequest,
  ReplaceIamInstanceProfileAssociationResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';
import type { Recorder } from '../cloudtrail/recorder.js';
import type { Call } from '../server/call.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import { associationNamed, createDescribeAssociations, findAssociation } from './associations.js';
import { instancesNamed } from './find-instances.js';
import { issueInstanceCredentials } from './instance-credentials.js';
import type { Instances } from './instances.js';
import { passingRoleIn, profileNamed } from './profiles.js';
import { wrappedRecord } from './records.js';
import { associationShape } from './shapes.js';

/** Calls about the role of a running instance. A swap ends no credentials that were handed out before (aws-domain 1.1). */
export function createProfileOperations({ instances, recorder }: { instances: Instances; recorder: Recorder }): Operations {
  const handOut = (call: Call, id: string | undefined): void => {
    const instance = instances.all().find((one) => one.id === id);
    if (instance?.state === 'running')
      issueInstanceCredentials({ account: call.account, recorder, random: call.random }, { instance, at: call.at });
  };

  return {
    DescribeIamInstanceProfileAssociations: createDescribeAssociations(instances),

    AssociateIamInstanceProfile: operation<AssociateIamInstanceProfileRequest, AssociateIamInstanceProfileResult>({
      kind: 'write',
      access: (input, call) => ({ ...onInstance(call, input.InstanceId), also: passingRoleIn(call, input.IamInstanceProfile) }),
      run: (input, call) => {
        const [instance] = instancesNamed(instances, call, [input.InstanceId ?? '']);
        const { arn, id } = profileNamed(call, input.IamInstanceProfile);
        if (instance === undefined || instance.state === 'terminated')
          throw new AwsError('IncorrectInstanceState', `The instance '${input.InstanceId}' is not in the 'running' or 'stopped' states.`);
        if (instance.association !== undefined)
          throw new AwsError('IncorrectState', `There is an existing association for instance ${instance.id}`);
        const made = instances.associate(instance, { profile: { arn, id }, at: call.at });
        return { IamInstanceProfileAssociation: associationShape(instance.id, made, 'associating') };
      },
      recordAs: (input, output, call) => wrappedRecord('AssociateIamInstanceProfile', { input, output, call }),
      followUp: (input, _output, call) => handOut(call, input.InstanceId),
    }),

    ReplaceIamInstanceProfileAssociation: operation<
      ReplaceIamInstanceProfileAssociationRequest,
      ReplaceIamInstanceProfileAssociationResult
    >({
      kind: 'write',
      access: (input, call) => ({
        ...onInstance(call, findAssociation(instances, call, input.AssociationId)?.instance.id),
        also: passingRoleIn(call, input.IamInstanceProfile),
      }),
      run: (input, call) => {
        const { instance } = associationNamed(instances, call, input.AssociationId);
        const { arn, id } = profileNamed(call, input.IamInstanceProfile);
        const made = instances.associate(instance, { profile: { arn, id }, at: call.at });
        return { IamInstanceProfileAssociation: associationShape(instance.id, made, 'associating') };
      },
      recordAs: (input, output, call) => wrappedRecord('ReplaceIamInstanceProfileAssociation', { input, output, call }),
      followUp: (_input, output, call) => handOut(call, output.IamInstanceProfileAssociation?.InstanceId),
    }),

    DisassociateIamInstanceProfile: operation<DisassociateIamInstanceProfileRequest, DisassociateIamInstanceProfileResult>({
      kind: 'write',
      access: (input, call) => onInstance(call, findAssociation(instances, call, input.AssociationId)?.instance.id),
      run: (input, call) => {
        const { instance, association } = associationNamed(instances, call, input.AssociationId);
        instance.association = undefined;
        return { IamInstanceProfileAssociation: associationShape(instance.id, association, 'disassociating') };
      },
      recordAs: (input, output, call) => wrappedRecord('DisassociateIamInstanceProfile', { input, output, call }),
    }),
  };
}

function onInstance({ region, account }: Call, id = '*'): Access {
  return { resources: [`arn:aws:ec2:${region}:${account.id}:instance/${id}`] };
}
