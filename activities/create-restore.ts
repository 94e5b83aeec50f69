import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { sleep } from '@temporalio/activity';
import { createIssueCredential } from './aws/recover/issue-credential.js';
import { createAuthorizeRestore } from './aws/restore/authorize-restore.js';
import { createRemovals } from './aws/restore/remove/index.js';
import type { RestoreActivities } from './index.js';
import type { ActivityDeps } from './activity-deps.js';
import type { Shared } from './shared.js';

/** Restore task queue: what removes for good and what makes new credentials. */
export function createRestoreActivities(deps: ActivityDeps, { reads: { rails, people }, own, now }: Shared): RestoreActivities {
  const { authority, restorer, evidence } = deps;
  const authorize = createAuthorizeRestore({ iam: deps.reader.iam, ownIdentity: own.restorer, rails, people, authority, now });
  const restores = { ...restorer, authorize, now };
  const callerOf = (credentials: { accessKeyId: string; secretAccessKey: string }): Promise<string | undefined> =>
    callerArn(deps.callerOf(credentials));
  return { ...createRemovals({ ...restores, evidence }), issueCredential: createIssueCredential({ ...restores, callerOf, sleep }) };
}

/** Who AWS sees; undefined while it does not know the key yet. */
async function callerArn(sts: STSClient): Promise<string | undefined> {
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidClientTokenId') return undefined;
    throw error;
  }
}
