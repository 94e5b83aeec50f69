import { GetPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { createAwsClients, type AwsClients } from '../../adapters/aws/clients.js';
import type { Env } from '../../config/env.js';
import { QUARANTINE_POLICY_PATH, QUARANTINE_PREFIX } from '../../contracts/names.js';
import { shortMessage, type Finding } from './finding.js';

/** Our own AWS identity, and the managed quarantine policy in its account. */
export async function awsChecks(env: Env): Promise<Finding[]> {
  const clients = createAwsClients({ endpoint: env.awsEndpoint });
  try {
    const { Arn: arn = '', Account: account = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
    const root = arn.endsWith(':root');
    const identity: Finding = root
      ? {
          check: 'awsIdentity',
          status: 'fail',
          detail: `${arn} is the root user`,
          fix: 'use a role with the permissions of the README only',
        }
      : { check: 'awsIdentity', status: 'ok', detail: arn };
    return [identity, await policyCheck(clients, { account, partition: arn.split(':')[1] ?? 'aws' })];
  } catch (error) {
    const fix = 'give credentials by the AWS SDK’s default chain (profile, role, environment)';
    return [{ check: 'awsIdentity', status: 'fail', detail: shortMessage(error), fix }];
  }
}

async function policyCheck(clients: AwsClients, { account, partition }: { account: string; partition: string }): Promise<Finding> {
  const arn = `arn:${partition}:iam::${account}:policy${QUARANTINE_POLICY_PATH}${QUARANTINE_PREFIX}`;
  try {
    await clients.iam.send(new GetPolicyCommand({ PolicyArn: arn }));
    return { check: 'quarantinePolicy', status: 'ok', detail: arn };
  } catch (error) {
    const missing = error instanceof Error && error.name === 'NoSuchEntityException';
    const fix = missing ? 'create it (README, “Quarantine policy”): without it only inline denies are left' : 'allow iam:GetPolicy on it';
    return { check: 'quarantinePolicy', status: 'warn', detail: missing ? `${arn} does not exist` : shortMessage(error), fix };
  }
}
