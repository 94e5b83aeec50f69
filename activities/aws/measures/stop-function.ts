import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { createFieldMeasure, type OpenField } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

/**
 * Reserves no executions for a Lambda function that runs with the role: it draws no new credentials (aws-domain 1.1). The target is
 * its ARN. Needs `lambda:GetFunctionConcurrency`, `lambda:PutFunctionConcurrency` and, for the undo, `lambda:DeleteFunctionConcurrency`.
 *
 * @throws TargetNotFound, UnsafeAction, PreconditionFailed, PermissionDenied, permanent; Throttled, transient.
 */
export function createStopFunction(deps: MeasureDeps): Measure {
  const clientOf = ({ scope, target }: OpenField): LambdaClient => deps.access.lambda(scope, target.split(':')[3] ?? '');
  return createFieldMeasure(
    {
      name: 'stopFunction',
      layer: 'compute',
      contained: () => 0,
      restorable: (before) => before === null || (typeof before === 'number' && before >= 0),
      async read(field) {
        const answer = await clientOf(field).send(new GetFunctionConcurrencyCommand({ FunctionName: field.target }));
        return answer.ReservedConcurrentExecutions ?? null;
      },
      async write(field, value) {
        const client = clientOf(field);
        const FunctionName = field.target;
        return typeof value === 'number'
          ? requestIdsOf(await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: value })))
          : requestIdsOf(await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName })));
      },
    },
    deps,
  );
}
