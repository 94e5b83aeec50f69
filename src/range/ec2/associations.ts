import type { DescribeIamInstanceProfileAssociationsRequest, DescribeIamInstanceProfileAssociationsResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';
import { pageOf } from '../iam/paging.js';
import { matchesWildcard } from '../policy/wildcard.js';
import type { Call } from '../server/call.js';
import { operation, type Operation } from '../server/operation.js';
import type { Ec2Instance, Instances, ProfileAssociation } from './instances.js';
import { associationShape } from './shapes.js';

/** An instance with its profile. */
export type Associated = { readonly instance: Ec2Instance; readonly association: ProfileAssociation };

/** The filters of DescribeIamInstanceProfileAssociations. The range knows no state in passing. */
const FILTERS: Readonly<Record<string, (one: Associated) => string>> = {
  'instance-id': ({ instance }) => instance.id,
  state: () => 'associated',
};

/** DescribeIamInstanceProfileAssociations. */
export function createDescribeAssociations(instances: Instances): Operation {
  return operation<DescribeIamInstanceProfileAssociationsRequest, DescribeIamInstanceProfileAssociationsResult>({
    kind: 'read',
    access: () => ({ resources: ['*'] }),
    run: (input, call) => {
      const { AssociationIds: ids, Filters: filters = [] } = input;
      const wanted = ids === undefined ? associated(instances, call) : ids.map((id) => associationNamed(instances, call, id));
      const found = wanted.filter((one) => filters.every(({ Name: name, Values: values }) => fits(one, { name, values })));
      const { page, paging } = pageOf(found, { Marker: input.NextToken, MaxItems: input.MaxResults });
      return {
        IamInstanceProfileAssociations: page.map(({ instance, association }) => associationShape(instance.id, association, 'associated')),
        ...(paging.Marker === undefined ? {} : { NextToken: paging.Marker }),
      };
    },
  });
}

/** The named association of the call's region, if there is one. */
export function findAssociation(instances: Instances, call: Call, id: string | undefined): Associated | undefined {
  return associated(instances, call).find(({ association }) => association.id === id);
}

/** @throws AwsError InvalidAssociationID.NotFound */
export function associationNamed(instances: Instances, call: Call, id = ''): Associated {
  const found = findAssociation(instances, call, id);
  if (found === undefined) throw new AwsError('InvalidAssociationID.NotFound', `An invalid association-id of '${id}' was given`);
  return found;
}

/** A terminated instance has none. */
function associated(instances: Instances, { region }: Call): Associated[] {
  return instances
    .inRegion(region)
    .flatMap((instance) =>
      instance.association === undefined || instance.state === 'terminated' ? [] : [{ instance, association: instance.association }],
    );
}

/** @throws AwsError InvalidParameterValue for a filter the range does not know */
function fits(one: Associated, { name = '', values = [] }: { name: string | undefined; values: readonly string[] | undefined }): boolean {
  const valueOf = FILTERS[name];
  if (valueOf === undefined) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return values.some((value) => matchesWildcard(value, valueOf(one)));
}
