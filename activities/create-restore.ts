import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { sleep } from '@temporalio/activity';
import type { EradicateInput } from '../src/contracts/eradication.js';
import { createIssueCredential } from './aws/recover/issue-credential.js';
import { createAuthorizeRestore } from './aws/restore/authorize-restore.js';
import { createRemovals } from './aws/restore/remove/index.js';
import type { RestoreActivities } from './index.js';
import type { ActivityDeps } from './activity-deps.js';
import type { Shared } from './shared.js';

/** Restore task queue: what removes for good and what makes new credentials. Each call gets a session that may touch its target alone. */
export function createRestoreActivities(deps: ActivityDeps, { reads, own, now }: Shared): RestoreActivities {
  const { authority, restorer, evidence } = deps;
  const authorize = createAuthorizeRestore({ ...reads, ownIdentity: own.restorer, authority });
  const callerOf = (credentials: { accessKeyId: string; secretAccessKey: string }): Promise<string | undefined> =>
    callerArn(deps.callerOf(credentials));
  const removalsFor = ({ proposal, incidentId }: EradicateInput): ReturnType<typeof createRemovals> => {
    const scope = { account: proposal.account, role: 'Restorer', incidentId, target: { arn: proposal.owner ?? proposal.target } } as const;
    return createRemovals({ ...restorer(scope), authorize, evidence, now });
  };
  return {
    deleteUser: (input) => removalsFor(input).deleteUser(input),
    deleteRole: (input) => removalsFor(input).deleteRole(input),
    deletePolicy: (input) => removalsFor(input).deletePolicy(input),
    deleteAccessKey: (input) => removalsFor(input).deleteAccessKey(input),
    terminateInstance: (input) => removalsFor(input).terminateInstance(input),
    issueCredential: (input) => {
      const { principal } = input.plan;
      const scope = { account: principal.account, role: 'Restorer', incidentId: input.incidentId, target: { arn: principal.arn } } as const;
      return createIssueCredential({ ...restorer(scope), authorize, callerOf, sleep, now })(input);
    },
  };
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
