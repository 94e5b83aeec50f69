import {
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  type IAMClient,
  NoSuchEntityException,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { unlessGone } from '../unless-gone.js';
import type { Field } from './field-measure.js';
import { requestIdsOf } from './request-ids.js';

/** Reads an inline policy of a user or role; null when there is none of that name. */
export async function readInlinePolicy(
  iam: IAMClient,
  { principal: { kind, name }, target }: Pick<Field, 'principal' | 'target'>,
): Promise<string | null> {
  try {
    const { PolicyDocument = '' } =
      kind === 'role'
        ? await iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: target }))
        : await iam.send(new GetUserPolicyCommand({ UserName: name, PolicyName: target }));
    return decodeURIComponent(PolicyDocument);
  } catch (error) {
    if (error instanceof NoSuchEntityException) return null;
    throw error;
  }
}

/** Puts an inline policy, or deletes it where the document is null. Returns the request ids. */
export async function writeInlinePolicy(
  iam: IAMClient,
  { principal, target }: Pick<Field, 'principal' | 'target'>,
  document: string | null,
): Promise<string[]> {
  const PolicyName = target;
  if (principal.kind === 'role') {
    const role = { RoleName: principal.name, PolicyName };
    return document === null
      ? unlessGone(iam.send(new DeleteRolePolicyCommand(role)))
      : requestIdsOf(await iam.send(new PutRolePolicyCommand({ ...role, PolicyDocument: document })));
  }
  const user = { UserName: principal.name, PolicyName };
  return document === null
    ? unlessGone(iam.send(new DeleteUserPolicyCommand(user)))
    : requestIdsOf(await iam.send(new PutUserPolicyCommand({ ...user, PolicyDocument: document })));
}
