import { paginateDescribeIamInstanceProfileAssociations, paginateDescribeInstances, type EC2Client } from '@aws-sdk/client-ec2';
import { type IAMClient, paginateListInstanceProfilesForRole } from '@aws-sdk/client-iam';
import { GetFunctionConcurrencyCommand, type LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { RoleFunction, RoleInstance } from '../../src/domain/planning/principal-snapshot.js';

/** The functions of a region that run with a role. Needs `lambda:ListFunctions`, `lambda:GetFunctionConcurrency`. */
export async function readRoleFunctions(
  client: LambdaClient,
  { roleArn, region }: { roleArn: string; region: string },
): Promise<RoleFunction[]> {
  const arns: string[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    for (const { Role, FunctionArn } of Functions) if (Role === roleArn && FunctionArn !== undefined) arns.push(FunctionArn);
  }
  return Promise.all(
    arns.map(async (arn) => {
      const { ReservedConcurrentExecutions } = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: arn }));
      return { arn, region, concurrency: ReservedConcurrentExecutions ?? null };
    }),
  );
}

/** ARNs of the instance profiles that hold a role. Needs `iam:ListInstanceProfilesForRole`. */
export async function readProfileArns(client: IAMClient, RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const { InstanceProfiles = [] } of paginateListInstanceProfilesForRole({ client }, { RoleName })) {
    for (const { Arn } of InstanceProfiles) if (Arn !== undefined) arns.push(Arn);
  }
  return arns;
}

/** The instances of a region that get the credentials of one of the profiles. Needs `ec2:DescribeIamInstanceProfileAssociations`, `ec2:DescribeInstances`. */
export async function readRoleInstances(
  client: EC2Client,
  { profileArns, region }: { profileArns: readonly string[]; region: string },
): Promise<RoleInstance[]> {
  if (profileArns.length === 0) return [];
  const rows: Omit<RoleInstance, 'httpTokens'>[] = [];
  const associated = { Filters: [{ Name: 'state', Values: ['associated'] }] };
  for await (const { IamInstanceProfileAssociations = [] } of paginateDescribeIamInstanceProfileAssociations({ client }, associated)) {
    for (const { AssociationId = '', InstanceId = '', IamInstanceProfile } of IamInstanceProfileAssociations) {
      const profileArn = IamInstanceProfile?.Arn ?? '';
      if (profileArns.includes(profileArn)) rows.push({ id: InstanceId, region, associationId: AssociationId, profileArn });
    }
  }
  if (rows.length === 0) return [];
  const tokens = new Map<string, RoleInstance['httpTokens']>();
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { InstanceIds: rows.map(({ id }) => id) })) {
    for (const { InstanceId = '', MetadataOptions } of Reservations.flatMap(({ Instances = [] }) => Instances))
      tokens.set(InstanceId, MetadataOptions?.HttpTokens === 'required' ? 'required' : 'optional');
  }
  return rows.map((row) => ({ ...row, httpTokens: tokens.get(row.id) ?? 'optional' }));
}
