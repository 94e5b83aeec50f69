import type {
  Concurrency,
  DeleteFunctionConcurrencyRequest,
  FunctionConfiguration,
  GetFunctionConcurrencyRequest,
  GetFunctionConcurrencyResponse,
  GetFunctionConfigurationRequest,
  ListFunctionsRequest,
  ListFunctionsResponse,
  PutFunctionConcurrencyRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../aws-error.js';
import { pageOf } from '../iam/paging.js';
import { operation, type Operations, type RecordedAs } from '../server/operation.js';
import { bareName, functionNamed, onFunction } from './find-function.js';
import type { Functions, LambdaFunction } from './functions.js';

/** Concurrent executions of an account, and how many of them no function may reserve (Lambda developer guide, "Reserved concurrency"). */
const ACCOUNT_CONCURRENCY = 1000;
const LEAST_UNRESERVED = 100;

/** Most functions in one answer (Lambda API reference, ListFunctions). */
const PAGE = 50;

/**
 * Calls about functions and their reserved concurrency. CloudTrail's names carry the version of the API where Lambda's
 * developer guide says so ("Logging AWS Lambda API calls using AWS CloudTrail").
 */
export function createLambdaOperations(functions: Functions): Operations {
  return {
    ListFunctions: operation<ListFunctionsRequest, ListFunctionsResponse>({
      kind: 'read',
      access: () => ({ resources: ['*'] }),
      run: ({ Marker, MaxItems = PAGE }, call) => {
        const { page, paging } = pageOf(functions.inRegion(call.region), { Marker, MaxItems: Math.min(MaxItems, PAGE) });
        return { Functions: page.map(shape), ...(paging.Marker === undefined ? {} : { NextMarker: paging.Marker }) };
      },
      recordAs: () => ({ name: 'ListFunctions20150331' }),
    }),

    GetFunctionConfiguration: operation<GetFunctionConfigurationRequest, FunctionConfiguration>({
      kind: 'read',
      access: onFunction,
      run: (input, call) => shape(functionNamed(functions, { call, input })),
      recordAs: (input) => recorded(input, 'GetFunctionConfiguration20150331v2'),
    }),

    GetFunctionConcurrency: operation<GetFunctionConcurrencyRequest, GetFunctionConcurrencyResponse>({
      kind: 'read',
      access: onFunction,
      run: (input, call) => {
        const reserved = functionNamed(functions, { call, input }).concurrency.seen(call.view);
        return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
      },
      recordAs: (input) => recorded(input, 'GetFunctionConcurrency'),
    }),

    PutFunctionConcurrency: operation<PutFunctionConcurrencyRequest, Concurrency>({
      kind: 'write',
      access: onFunction,
      run: (input, call) => {
        const { ReservedConcurrentExecutions: wanted = 0 } = input;
        const one = functionNamed(functions, { call, input });
        checkReserved(wanted, { others: functions.inRegion(call.region).filter((other) => other !== one) });
        one.concurrency.set(wanted, call.change());
        return { ReservedConcurrentExecutions: wanted };
      },
      recordAs: (input) => recorded(input, 'PutFunctionConcurrency20171031'),
    }),

    DeleteFunctionConcurrency: operation<DeleteFunctionConcurrencyRequest, object>({
      kind: 'write',
      access: onFunction,
      run: (input, call) => {
        functionNamed(functions, { call, input }).concurrency.set(undefined, call.change());
        return {};
      },
      recordAs: (input) => recorded(input, 'DeleteFunctionConcurrency20171031'),
    }),
  };
}

/** @throws AwsError InvalidParameterValueException */
function checkReserved(wanted: number, { others }: { others: readonly LambdaFunction[] }): void {
  const reserved = others.reduce((sum, { concurrency }) => sum + (concurrency.latest() ?? 0), 0);
  if (wanted < 0) throw new AwsError('InvalidParameterValueException', 'ReservedConcurrentExecutions must not be negative.');
  if (wanted + reserved > ACCOUNT_CONCURRENCY - LEAST_UNRESERVED)
    throw new AwsError(
      'InvalidParameterValueException',
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
    );
}

function recorded(input: { readonly FunctionName: string | undefined }, name: string): RecordedAs {
  return { name, resources: [{ ResourceType: 'AWS::Lambda::Function', ResourceName: bareName(input) }] };
}

function shape({ name, arn, roleArn, modifiedAt }: LambdaFunction): FunctionConfiguration {
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: 'python3.13',
    Role: roleArn,
    Handler: 'index.handler',
    // Lambda's own spelling: milliseconds and a numeric zone.
    LastModified: new Date(modifiedAt).toISOString().replace('Z', '+0000'),
    Version: '$LATEST',
    State: 'Active',
  };
}
