import { AwsError } from '../aws-error.js';
import type { Call } from '../server/call.js';
import type { Access } from '../server/operation.js';
import { functionArn, type Functions, type LambdaFunction } from './functions.js';

type Named = { readonly FunctionName: string | undefined };

/** The bare name in a name, an ARN or a partial ARN (Lambda API reference, FunctionName: "Name formats"). */
export function bareName({ FunctionName: given = '' }: Named): string {
  return /(?:^|:)function:(?<name>[^:]+)/.exec(given)?.groups?.['name'] ?? given.split(':').at(-1) ?? '';
}

/** The named function of the call's region. @throws AwsError ResourceNotFoundException, 404 */
export function functionNamed(functions: Functions, { call, input }: { call: Call; input: Named }): LambdaFunction {
  const found = functions.inRegion(call.region).find(({ name }) => name === bareName(input));
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${arnOf(input, call)}`, 404);
  return found;
}

/** Access to the function a call names. */
export function onFunction(input: Named, call: Call): Access {
  return { resources: [arnOf(input, call)] };
}

function arnOf(input: Named, { region, account }: Call): string {
  return functionArn({ region, accountId: account.id, name: bareName(input) });
}
