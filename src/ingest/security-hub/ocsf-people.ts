import type { PrincipalKindHint } from '../../contracts/alert.js';
import { isAccessKeyId, isPrincipalArn } from '../../domain/alerts/grammar.js';
import { isObject, listAt, textAt, type JsonObject } from '../json-reader.js';
import type { Named } from './resources.js';

const TYPES: Readonly<Record<string, PrincipalKindHint>> = {
  IAMUser: 'user',
  User: 'user',
  Role: 'role',
  AssumedRole: 'session',
  FederatedUser: 'federatedUser',
  Root: 'root',
  IdentityCenterUser: 'idcUser',
};

/** Everybody whom the evidence shows at work; without evidence, the principals among the resources. Each once. */
export function peopleOf(finding: JsonObject): Named[] {
  const actors = listAt(finding, 'evidences')
    .filter(isObject)
    .flatMap((evidence) => actorOf(evidence) ?? []);
  const found =
    actors.length > 0
      ? actors
      : listAt(finding, 'resources')
          .filter(isObject)
          .flatMap((resource) => resourceOf(resource) ?? []);
  return found.filter((one, index) => found.findIndex(({ key }) => key === one.key) === index);
}

/** The first address in the evidence. */
export function remoteIpOf(finding: JsonObject): string | undefined {
  return listAt(finding, 'evidences')
    .map((evidence) => textAt(evidence, 'src_endpoint.ip'))
    .find((ip) => ip !== undefined);
}

function actorOf(evidence: JsonObject): Named | undefined {
  const user = (field: string): string | undefined => textAt(evidence, `actor.user.${field}`);
  const credential = user('credential_uid') ?? textAt(evidence, 'actor.session.credential_uid');
  const accessKeyId = credential ?? keyIn(user('uid_alt'));
  const type = user('type') ?? '';
  const kind = Object.hasOwn(TYPES, type) ? (TYPES[type] ?? 'unknown') : accessKeyId?.startsWith('ASIA') === true ? 'session' : 'unknown';
  const uid = user('uid');
  const issuer = textAt(evidence, 'actor.session.issuer');
  const arn = issuer ?? (uid !== undefined && isPrincipalArn(uid) ? uid : undefined);
  const key = accessKeyId ?? uid ?? user('name') ?? arn ?? (kind === 'root' ? 'root' : '');
  if (key === '') return undefined;
  return {
    key,
    kind,
    hints: {
      account: user('account.uid'),
      accessKeyId,
      userName: kind === 'root' ? undefined : user('name'),
      principalId: uid === arn ? undefined : uid,
      arn,
    },
  };
}

/** `AWS::IAM::AccessKey`, `AwsIamAccessKey` and so on: both vocabularies are in use. */
function resourceOf(resource: JsonObject): Named | undefined {
  const type = (textAt(resource, 'type') ?? '').replaceAll('::', '').toLowerCase();
  const uid = textAt(resource, 'uid');
  const arn = [uid, textAt(resource, 'uid_alt')].find((text) => text?.startsWith('arn:') === true);
  const name = textAt(resource, 'name') ?? arn?.split('/').at(-1);
  const account = textAt(resource, 'owner.account.uid');
  switch (type) {
    case 'awsiamaccesskey': {
      const accessKeyId = keyIn(uid) ?? keyIn(name);
      return accessKeyId === undefined
        ? undefined
        : { key: accessKeyId, kind: accessKeyId.startsWith('ASIA') ? 'session' : 'user', hints: { account, accessKeyId } };
    }
    case 'awsiamuser':
    case 'awsiamrole':
      return name === undefined
        ? undefined
        : { key: arn ?? name, kind: type === 'awsiamuser' ? 'user' : 'role', hints: { account, userName: name, arn } };
    default:
      return undefined;
  }
}

/** The access key id at the end of `AWS::IAM::AccessKey:AKIA…` or alone. */
function keyIn(text: string | undefined): string | undefined {
  const last = text?.split(/[:/]/).at(-1) ?? '';
  return isAccessKeyId(last) ? last : undefined;
}
