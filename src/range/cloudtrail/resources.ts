/** One entry of a record's `Resources` in LookupEvents. */
export type EventResource = { readonly ResourceType: string; readonly ResourceName: string };

/** Parameters that name a resource, with its type. */
const BY_PARAMETER: Readonly<Record<string, string>> = {
  UserName: 'AWS::IAM::User',
  GroupName: 'AWS::IAM::Group',
  RoleName: 'AWS::IAM::Role',
  RoleArn: 'AWS::IAM::Role',
  PolicyArn: 'AWS::IAM::Policy',
  InstanceProfileName: 'AWS::IAM::InstanceProfile',
  SerialNumber: 'AWS::IAM::MFADevice',
  AccessKeyId: 'AWS::IAM::AccessKey',
  RoleSessionName: 'AWS::STS::AssumedRole',
};

/** Members of an answer that hold more names. */
const NESTED_ANSWERS = ['AccessKey', 'User', 'Role', 'AssumedRoleUser', 'InstanceProfile', 'VirtualMFADevice'] as const;

/** Members of an answer whose own ARN is listed too. */
const WITH_ARN: Readonly<Record<string, string>> = {
  User: 'AWS::IAM::User',
  Role: 'AWS::IAM::Role',
  Policy: 'AWS::IAM::Policy',
  AssumedRoleUser: 'AWS::STS::AssumedRole',
};

/** Calls whose record lists the key they issued. For GetSessionToken that is not confirmed, so the range does not (aws-domain 13). */
const LISTS_ISSUED_KEY = new Set(['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'CreateAccessKey']);

/** The `Resources` of an event, from what was asked and what was answered. */
export function resourcesOf(eventName: string, { input, output }: { input: object; output: object | undefined }): EventResource[] {
  const found = [...named(input)];
  if (eventName === 'LookupEvents') return [];
  for (const member of NESTED_ANSWERS) found.push(...named(memberOf(output, member)));
  for (const [member, type] of Object.entries(WITH_ARN)) {
    const arn = textOf(memberOf(output, member), 'Arn');
    if (arn !== undefined) found.push({ ResourceType: type, ResourceName: arn });
  }
  if (LISTS_ISSUED_KEY.has(eventName)) found.push(...named(memberOf(output, 'Credentials')));
  const unique = new Map(found.map((one) => [`${one.ResourceType} ${one.ResourceName}`, one]));
  return [...unique.values()];
}

function named(source: object): EventResource[] {
  return Object.entries(BY_PARAMETER).flatMap(([parameter, type]) => {
    const name = textOf(source, parameter);
    return name === undefined ? [] : [{ ResourceType: type, ResourceName: name }];
  });
}

function memberOf(source: object | undefined, name: string): object {
  const member: unknown = source === undefined ? undefined : Reflect.get(source, name);
  return typeof member === 'object' && member !== null ? member : {};
}

function textOf(source: object, name: string): string | undefined {
  const value: unknown = Reflect.get(source, name);
  return typeof value === 'string' ? value : undefined;
}
