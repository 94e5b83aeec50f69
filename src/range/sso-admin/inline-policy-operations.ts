import type {
  DeleteInlinePolicyFromPermissionSetRequest,
  GetInlinePolicyForPermissionSetRequest,
  GetInlinePolicyForPermissionSetResponse,
  PutInlinePolicyToPermissionSetRequest,
} from '@aws-sdk/client-sso-admin';
import { AwsError, required } from '../aws-error.js';
import { parsePolicy } from '../policy/document.js';
import { operation, type Operations } from '../server/operation.js';
import { notFound, onInstance, permissionSetOf } from './find.js';
import type { IdentityCenter } from './identity-center.js';

/** Longest inline policy (IAM Identity Center API reference, PutInlinePolicyToPermissionSet). */
const MAX_CHARACTERS = 32_768;

/** Calls about the inline policy of a permission set. A change reaches no account before it is provisioned. */
export function createInlinePolicyOperations(center: IdentityCenter): Operations {
  return {
    GetInlinePolicyForPermissionSet: operation<GetInlinePolicyForPermissionSetRequest, GetInlinePolicyForPermissionSetResponse>({
      kind: 'read',
      access: (input) => onInstance(input, input.PermissionSetArn),
      run: (input, call) => ({ InlinePolicy: permissionSetOf(center, { call, input }).inlinePolicy ?? '' }),
    }),

    PutInlinePolicyToPermissionSet: operation<PutInlinePolicyToPermissionSetRequest, object>({
      kind: 'write',
      access: (input) => onInstance(input, input.PermissionSetArn),
      run: (input, call) => {
        const set = permissionSetOf(center, { call, input });
        set.inlinePolicy = checkedPolicy(required(input.InlinePolicy, 'InlinePolicy'));
        set.version += 1;
        return {};
      },
    }),

    DeleteInlinePolicyFromPermissionSet: operation<DeleteInlinePolicyFromPermissionSetRequest, object>({
      kind: 'write',
      access: (input) => onInstance(input, input.PermissionSetArn),
      run: (input, call) => {
        const set = permissionSetOf(center, { call, input });
        if (set.inlinePolicy === undefined) throw notFound('InlinePolicy of PermissionSet', set.arn);
        set.inlinePolicy = undefined;
        set.version += 1;
        return {};
      },
    }),
  };
}

/** @throws AwsError ValidationException */
function checkedPolicy(text: string): string {
  if (text.length > MAX_CHARACTERS)
    throw new AwsError('ValidationException', `Inline policy exceeds the maximum length of ${MAX_CHARACTERS} characters.`);
  try {
    parsePolicy(text);
  } catch (error) {
    if (error instanceof AwsError) throw new AwsError('ValidationException', error.message);
    throw error;
  }
  return text;
}
