import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
  type IamInstanceProfileAssociation,
} from '@aws-sdk/client-ec2';
import { createFieldMeasure } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Takes the role from a running instance: it draws no new credentials; those it has live until they expire (aws-domain 1.1). The
 * instance runs on, so its memory stays evidence. The target is `<region>/<instance>`. Needs
 * `ec2:DescribeIamInstanceProfileAssociations`, `ec2:DisassociateIamInstanceProfile` and, for the undo, `ec2:AssociateIamInstanceProfile` with
 * `iam:PassRole` on the saved profile's role.
 *
 * @throws UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createDetachInstanceProfile(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'detachInstanceProfile',
      layer: 'compute',
      contained: () => null,
      restorable: (before) => before === null || (typeof before === 'string' && /^arn:[^:]+:iam::\d{12}:instance-profile\//.test(before)),
      async read({ scope, target }) {
        return (await associationOf({ deps, scope, target }))?.IamInstanceProfile?.Arn ?? null;
      },
      async write({ scope, target }, value) {
        const [region = '', InstanceId = ''] = target.split('/');
        const client = deps.access.ec2(scope, region);
        if (typeof value === 'string')
          return requestIdsOf(
            await client.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Arn: value } })),
          );
        const AssociationId = (await associationOf({ deps, scope, target }))?.AssociationId;
        return AssociationId === undefined
          ? []
          : requestIdsOf(await client.send(new DisassociateIamInstanceProfileCommand({ AssociationId })));
      },
    },
    deps,
  );
}

async function associationOf({
  deps,
  scope,
  target,
}: {
  deps: MeasureDeps;
  scope: Parameters<MeasureDeps['access']['ec2']>[0];
  target: string;
}): Promise<IamInstanceProfileAssociation | undefined> {
  const [region = '', id = ''] = target.split('/');
  const { IamInstanceProfileAssociations: rows = [] } = await deps.access.ec2(scope, region).send(
    new DescribeIamInstanceProfileAssociationsCommand({
      Filters: [
        { Name: 'instance-id', Values: [id] },
        { Name: 'state', Values: ['associating', 'associated'] },
      ],
    }),
  );
  return rows[0];
}
