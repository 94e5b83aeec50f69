import type {
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  SetDefaultPolicyVersionRequest,
} from '@aws-sdk/client-iam';
import { AwsError, required } from '../../aws-error.js';
import { parsePolicy } from '../../policy/document.js';
import type { Call } from '../../server/call.js';
import { operation, type Operations } from '../../server/operation.js';
import { newPolicyVersion } from '../entities.js';
import { managedPolicyOf, onPolicy } from '../lookup.js';
import type { ManagedPolicy } from '../model.js';
import { pageOf } from '../paging.js';
import { versionNamed, versionsOf } from '../policy-versions.js';
import { versionShape } from '../shapes.js';

/** A managed policy holds at most this many characters, white space not counted (IAM quotas). */
const MAX_CHARACTERS = 6144;

/** A managed policy keeps at most this many versions (IAM quotas). */
const MAX_VERSIONS = 5;

/** @throws AwsError MalformedPolicyDocument, LimitExceeded */
export function checkManagedDocument(document: string): void {
  parsePolicy(document);
  if (document.replace(/\s/g, '').length > MAX_CHARACTERS)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${MAX_CHARACTERS}`, 409);
}

/** Calls about versions of managed policies. A swapped default version is a backdoor that attaches nothing (aws-domain 6). */
export const policyVersionOperations: Operations = {
  CreatePolicyVersion: operation<CreatePolicyVersionRequest, CreatePolicyVersionResponse>({
    kind: 'write',
    access: onPolicy,
    run: (input, call) => {
      const policy = ownPolicyOf(call, input.PolicyArn);
      const document = required(input.PolicyDocument, 'PolicyDocument');
      checkManagedDocument(document);
      if (versionsOf(policy).length >= MAX_VERSIONS)
        throw new AwsError(
          'LimitExceeded',
          `A managed policy can have up to ${MAX_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
          409,
        );
      const version = newPolicyVersion(`v${policy.versions.size + 1}`, { document, createdAt: Math.floor(call.at / 1000) * 1000 });
      policy.versions.set(version.id, version);
      if (input.SetAsDefault === true) policy.defaultVersion.set(version.id, call.change());
      return { PolicyVersion: versionShape(policy, version, { view: call.view, detail: 'listed' }) };
    },
  }),

  SetDefaultPolicyVersion: operation<SetDefaultPolicyVersionRequest, object>({
    kind: 'write',
    access: onPolicy,
    run: (input, call) => {
      const policy = ownPolicyOf(call, input.PolicyArn);
      const { id } = versionNamed(policy, required(input.VersionId, 'VersionId'), call.view);
      policy.defaultVersion.set(id, call.change());
      return {};
    },
  }),

  DeletePolicyVersion: operation<DeletePolicyVersionRequest, object>({
    kind: 'write',
    access: onPolicy,
    run: (input, call) => {
      const policy = ownPolicyOf(call, input.PolicyArn);
      const version = versionNamed(policy, required(input.VersionId, 'VersionId'), call.view);
      if (policy.defaultVersion.latest() === version.id)
        throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
      version.exists.set(false, call.change());
      return {};
    },
  }),

  GetPolicyVersion: operation<GetPolicyVersionRequest, GetPolicyVersionResponse>({
    kind: 'read',
    access: onPolicy,
    run: (input, call) => {
      const policy = managedPolicyOf(call, input.PolicyArn);
      const version = versionNamed(policy, required(input.VersionId, 'VersionId'), call.view);
      return { PolicyVersion: versionShape(policy, version, { view: call.view, detail: 'full' }) };
    },
  }),

  ListPolicyVersions: operation<ListPolicyVersionsRequest, ListPolicyVersionsResponse>({
    kind: 'read',
    access: onPolicy,
    run: (input, call) => {
      const policy = managedPolicyOf(call, input.PolicyArn);
      const newestFirst = versionsOf(policy, call.view).toReversed();
      const { page, paging } = pageOf(newestFirst, input);
      return { Versions: page.map((version) => versionShape(policy, version, { view: call.view, detail: 'listed' })), ...paging };
    },
  }),
};

/** A customer managed policy. @throws AwsError NoSuchEntity; AccessDenied for AWS's own */
function ownPolicyOf(call: Call, arn: string | undefined): ManagedPolicy {
  const policy = managedPolicyOf(call, arn);
  if (policy.isAwsManaged) throw new AwsError('AccessDenied', `AWS managed policies cannot be changed: ${policy.arn}`, 403);
  return policy;
}
