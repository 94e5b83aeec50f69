import { plainName } from './attack.js';
import type { LogRecord } from './log-record.js';
import { partitionOf, userArn } from './minted.js';
import { isObject, listAt, textAt } from './values.js';

/** A thing that a call changed. `detail` tells two changes of one thing apart: which policy was attached. */
export interface Touched {
  readonly arn: string;
  readonly type: string;
  readonly noun: string;
  readonly detail?: string | undefined;
}

const READS = /^(Get|List|Describe|Head|Lookup|Search|Query|Scan|BatchGet|Select|Simulate|Preview|Test|Filter|Check|Validate|Decrypt)/;
const REMOVALS = /^(Delete|Terminate|Detach|Remove|Deregister|Revoke|Disassociate|Deactivate|Disable|Stop)/;
/** The verb that takes back another. */
const INVERSE: readonly (readonly [verb: string, inverse: string])[] = [
  ['Create', 'Delete'],
  ['Put', 'Delete'],
  ['Upload', 'Delete'],
  ['Import', 'Delete'],
  ['Run', 'Terminate'],
  ['Attach', 'Detach'],
  ['Add', 'Remove'],
  ['Authorize', 'Revoke'],
  ['Register', 'Deregister'],
  ['Associate', 'Disassociate'],
  ['Enable', 'Deactivate'],
  ['Enable', 'Disable'],
  ['Start', 'Stop'],
];

/** Where IAM names its things: parameter, type, path in the response. */
const IAM_THINGS: readonly (readonly [param: string, type: string, kind: string])[] = [
  ['userName', 'User', 'user'],
  ['roleName', 'Role', 'role'],
  ['groupName', 'Group', 'group'],
  ['instanceProfileName', 'InstanceProfile', 'instance-profile'],
];

/** Whether the call changed something; sessions and sign-ins are credentials, not resources. */
export function isWrite(record: LogRecord): boolean {
  if (record.source === 'sts.amazonaws.com' || record.source === 'signin.amazonaws.com') return false;
  return record.readOnly === undefined ? !READS.test(record.name) : !record.readOnly && !READS.test(record.name);
}

/** Whether the call takes something away. */
export function isRemoval(name: string): boolean {
  return REMOVALS.test(name);
}

/** `User` of `CreateUser`, `Function` of `CreateFunction20150331`. */
export function nounOf(name: string): string {
  return plainName(name).replace(/^[A-Z][a-z]+/, '');
}

/** Whether the later call takes back what the earlier did. */
export function undoes(later: string, earlier: string): boolean {
  if (nounOf(later) !== nounOf(earlier) && !(earlier.startsWith('Put') && `Delete${nounOf(earlier)}` === later)) return false;
  return INVERSE.some(([verb, inverse]) => earlier.startsWith(verb) && later.startsWith(inverse));
}

/** The things a call names, by the grammar of its service; a general rule where none is known. */
export function touchedBy(record: LogRecord): Touched[] {
  const known = record.source === 'iam.amazonaws.com' ? iamThings(record) : instances(record);
  return known.length > 0 ? known : generalThings(record);
}

function iamThings(record: LogRecord): Touched[] {
  const { params, response } = record;
  const account = record.actor.account ?? record.account;
  const detail = textAt(params, 'policyArn') ?? textAt(params, 'policyName') ?? textAt(params, 'groupName');
  const key = textAt(response, 'accessKey.accessKeyId') ?? textAt(params, 'accessKeyId');
  if (key !== undefined) return [{ arn: key, type: 'AWS::IAM::AccessKey', noun: 'AccessKey' }];
  for (const [param, type, kind] of IAM_THINGS) {
    const name = textAt(params, param);
    if (name === undefined) continue;
    const byName = userArn(record, name).replace(/:user\/.*/, '') + `:${kind}/${name}`;
    const arn = textAt(response, `${kind}.arn`) ?? byName;
    return [{ arn: arn.replace(/:(user|role|group)\/.*\//, ':$1/'), type: `AWS::IAM::${type}`, noun: type, detail }];
  }
  const policy = textAt(response, 'policy.arn') ?? textAt(params, 'policyArn');
  if (policy !== undefined) return [{ arn: policy, type: 'AWS::IAM::Policy', noun: 'Policy', detail: textAt(params, 'versionId') }];
  const provider = textAt(response, 'sAMLProviderArn') ?? textAt(response, 'openIDConnectProviderArn');
  if (provider !== undefined) return [{ arn: provider, type: 'AWS::IAM::Provider', noun: nounOf(record.name) }];
  return account === 'unknown' ? [] : generalThings(record);
}

function instances(record: LogRecord): Touched[] {
  if (record.source !== 'ec2.amazonaws.com') return [];
  const items = [...listAt(record.response, 'instancesSet'), ...listAt(record.params, 'instancesSet')];
  const ids = new Set(items.map((item) => textAt(item, 'instanceId')).filter((id) => id !== undefined));
  return [...ids].map((id) => ({ arn: arnOf(record, `instance/${id}`), type: 'AWS::EC2::Instance', noun: 'Instances' }));
}

/** The resources the record names, else the first ARN of request or response, else the first name or id. */
function generalThings(record: LogRecord): Touched[] {
  const noun = nounOf(record.name);
  const service = serviceOf(record);
  if (service === 's3') return bucket(record, noun);
  const type = record.named[0]?.type ?? `AWS::${service}`;
  const id =
    firstText(record.response, /^(arn|\w+Arn|\w+ARN)$/, 2) ??
    record.named[0]?.arn ??
    firstText(record.params, /^(arn|\w+Arn|\w+ARN)$/, 0) ??
    firstText(record.params, /^(name|id|\w+(Name|Id|Identifier))$/, 0) ??
    firstText(record.response, /^(\w+Id)$/, 1);
  if (id === undefined) return [{ arn: arnOf(record, '*'), type, noun }];
  return [{ arn: id.startsWith('arn:') ? id.replace(/(:function:[^:]+):.*$/, '$1') : arnOf(record, id), type, noun }];
}

function bucket(record: LogRecord, noun: string): Touched[] {
  const name = textAt(record.params, 'bucketName') ?? 'unknown';
  const key = textAt(record.params, 'key');
  const path = key === undefined ? name : `${name}/${key}`;
  return [{ arn: `arn:${partitionOf(record)}:s3:::${path}`, type: key === undefined ? 'AWS::S3::Bucket' : 'AWS::S3::Object', noun }];
}

/** In the form of an ARN; for lambda and trails, whose names stand alone in the request, exactly the ARN. */
function arnOf(record: LogRecord, id: string): string {
  const service = serviceOf(record);
  const kind = service === 'lambda' ? 'function:' : service === 'cloudtrail' ? 'trail/' : '';
  return `arn:${partitionOf(record)}:${service}:${record.region}:${record.account}:${kind}${id}`;
}

function serviceOf(record: LogRecord): string {
  return record.source.replace(/\.amazonaws\.com$/, '');
}

function firstText(value: unknown, key: RegExp, depth: number): string | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value).toSorted();
  const own = keys.find((name) => key.test(name) && textAt(value, name) !== undefined);
  if (own !== undefined) return textAt(value, own);
  if (depth === 0) return undefined;
  return keys.map((name) => firstText(value[name], key, depth - 1)).find((found) => found !== undefined);
}
