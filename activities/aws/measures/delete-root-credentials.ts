import {
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  type IAMClient,
  ListAccessKeysCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam';
import { AssumeRootCommand } from '@aws-sdk/client-sts';
import { permanent } from '../../../src/contracts/failures.js';
import { unlessGone } from '../unless-gone.js';
import { createFieldMeasure, type OpenField } from './field-measure.js';
import type { Measure, MeasureDeps } from './measure.js';

const DELETE_CREDENTIALS = 'arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials';

/**
 * Deletes the access keys and the password of a member account's root user through AssumeRoot (aws-domain 1.1). They do not come back: only under
 * people's signatures, never automatic. MFA devices stay. Needs `sts:AssumeRoot` with the task policy
 * IAMDeleteRootUserCredentials in the delegated account, and centralized root access.
 *
 * @throws PreconditionFailed, permanent, on undo: AWS gives no root credentials back; and where no organization is configured.
 * @throws UnsafeAction, PermissionDenied, permanent; Throttled, transient.
 */
export function createDeleteRootCredentials(deps: MeasureDeps): Measure {
  return createFieldMeasure(
    {
      name: 'deleteRootCredentials',
      layer: 'credential',
      reversible: 'none',
      contained: () => 'absent',
      restorable: (before) => before === 'present' || before === 'absent',
      async read(field) {
        const iam = await asRoot(deps, field);
        const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({}));
        return AccessKeyMetadata.length > 0 || (await hasPassword(iam)) ? 'present' : 'absent';
      },
      async write(field, value) {
        if (value === 'present')
          throw permanent('PreconditionFailed', 'deleted root credentials cannot be put back: the owner makes new ones');
        const iam = await asRoot(deps, field);
        const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({}));
        const ids: string[] = [];
        for (const { AccessKeyId } of AccessKeyMetadata)
          ids.push(...(await unlessGone(iam.send(new DeleteAccessKeyCommand({ AccessKeyId })))));
        return [...ids, ...(await unlessGone(iam.send(new DeleteLoginProfileCommand({}))))];
      },
    },
    deps,
  );
}

/** A session of the root user that may do this one task; the session ends within 15 minutes. */
async function asRoot({ access, organization }: MeasureDeps, { principal, incidentId }: OpenField): Promise<IAMClient> {
  const config = await organization();
  if (config === undefined) throw permanent('PreconditionFailed', 'organization.yaml is needed for AssumeRoot');
  const sts = access.sts({ account: config.hubAccount, role: 'Responder', incidentId });
  const { Credentials } = await sts.send(
    new AssumeRootCommand({ TargetPrincipal: principal.account, TaskPolicyArn: { arn: DELETE_CREDENTIALS }, DurationSeconds: 900 }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return access.iamWith({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
}

async function hasPassword(iam: IAMClient): Promise<boolean> {
  try {
    await iam.send(new GetLoginProfileCommand({}));
    return true;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return false;
    throw error;
  }
}
