import { ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import { createFieldMeasure } from './field-measure.js';
import { instanceOf } from './instance.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Makes an instance's metadata service ask for session tokens, which server-side request forgery cannot get (aws-domain 1.1). The target is
 * `<region>/<instance>`. Needs `ec2:DescribeInstances` and `ec2:ModifyInstanceMetadataOptions`.
 *
 * @throws TargetNotFound, UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createRequireImdsV2(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'requireImdsV2',
      layer: 'compute',
      contained: () => 'required',
      restorable: (before) => before === 'required' || before === 'optional',
      async read(field) {
        return (await instanceOf(deps.access, field)).instance.MetadataOptions?.HttpTokens ?? 'optional';
      },
      async write(field, value) {
        const { client, id } = await instanceOf(deps.access, field);
        const HttpTokens = value === 'required' ? 'required' : 'optional';
        return requestIdsOf(await client.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpTokens })));
      },
    },
    deps,
  );
}
