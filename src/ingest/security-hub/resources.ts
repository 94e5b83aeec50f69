import type { PrincipalKindHint } from '../../contracts/alert.js';
import { isAccessKeyId, type RawHints } from '../../domain/alerts/grammar.js';
import { isObject, listAt, textAt, type JsonObject } from '../json-reader.js';

/** Somebody whom a finding names. */
export interface Named {
  /** Tells the alerts of one finding apart. */
  readonly key: string;
  readonly kind: PrincipalKindHint;
  readonly hints: RawHints;
}

const TYPES: Readonly<Record<string, PrincipalKindHint>> = {
  IAMUser: 'user',
  Role: 'role',
  AssumedRole: 'session',
  FederatedUser: 'federatedUser',
  Root: 'root',
};

/** The principals among a finding's resources, each once: keys first, since a key also tells whose it is. */
export function resourcesOf(finding: JsonObject): Named[] {
  const resources = listAt(finding, 'Resources').filter(isObject);
  const of = (type: string, read: (resource: JsonObject) => Named): Named[] =>
    resources.filter((resource) => textAt(resource, 'Type') === type).map(read);
  const all = [...of('AwsIamAccessKey', keyOf), ...of('AwsIamUser', userOf), ...of('AwsIamRole', roleOf)].filter(({ key }) => key !== '');
  return all.filter((one, index) => !all.slice(0, index).some((before) => isSame(before, one)));
}

/** A key and the user it belongs to are one. */
function isSame(a: Named, b: Named): boolean {
  if (a.key === b.key) return true;
  return a.hints.userName !== undefined && a.hints.userName === b.hints.userName;
}

function keyOf(resource: JsonObject): Named {
  const at = (field: string): string | undefined => textAt(resource, `Details.AwsIamAccessKey.${field}`);
  const type = at('PrincipalType') ?? '';
  const inId = textAt(resource, 'Id')?.split(':').at(-1) ?? '';
  const accessKeyId = at('AccessKeyId') ?? (isAccessKeyId(inId) ? inId : undefined);
  const issuer = at('SessionContext.SessionIssuer.UserName');
  const kind = Object.hasOwn(TYPES, type) ? (TYPES[type] ?? 'unknown') : accessKeyId?.startsWith('ASIA') === true ? 'session' : 'user';
  const userName = (kind === 'session' ? issuer : undefined) ?? at('PrincipalName') ?? at('UserName');
  return {
    key: accessKeyId ?? userName ?? at('PrincipalId') ?? (kind === 'root' ? 'root' : ''),
    kind,
    hints: {
      account: at('AccountId'),
      accessKeyId,
      userName: kind === 'root' ? undefined : userName,
      principalId: at('PrincipalId'),
      arn: at('SessionContext.SessionIssuer.Arn'),
    },
  };
}

function userOf(resource: JsonObject): Named {
  const arn = textAt(resource, 'Id');
  const userName = textAt(resource, 'Details.AwsIamUser.UserName') ?? lastPart(arn, 'user');
  return { key: arn ?? userName ?? '', kind: 'user', hints: { userName, arn, principalId: textAt(resource, 'Details.AwsIamUser.UserId') } };
}

function roleOf(resource: JsonObject): Named {
  const arn = textAt(resource, 'Id');
  const userName = textAt(resource, 'Details.AwsIamRole.RoleName') ?? lastPart(arn, 'role');
  return { key: arn ?? userName ?? '', kind: 'role', hints: { userName, arn, principalId: textAt(resource, 'Details.AwsIamRole.RoleId') } };
}

function lastPart(arn: string | undefined, kind: string): string | undefined {
  return arn?.includes(`:${kind}/`) === true ? arn.split('/').at(-1) : undefined;
}
