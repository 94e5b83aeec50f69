import type { EradicationAction, Guided, Proposal } from '../../contracts/eradication.js';
import type { Timeline } from '../../contracts/timeline.js';
import { sha256Of } from '../canonical-json.js';
import { cliCommand } from '../engine/containment-view.js';
import { nameOf, withoutPath } from '../principals/arn.js';

/** A thing the intruder made or held, before AWS was asked whether it is still there. */
export interface Suspect {
  readonly action: EradicationAction;
  readonly target: string;
  readonly why: Proposal['why'];
  readonly provedBy: string;
  readonly region: string;
  readonly account: string;
  readonly owner?: string;
}

const BY_TYPE: Readonly<Record<string, readonly [made: string, action: EradicationAction]>> = {
  'AWS::IAM::User': ['CreateUser', 'deleteUser'],
  'AWS::IAM::Role': ['CreateRole', 'deleteRole'],
  'AWS::IAM::Policy': ['CreatePolicy', 'deletePolicy'],
  'AWS::EC2::Instance': ['RunInstances', 'terminateInstance'],
  'AWS::IAM::AccessKey': ['CreateAccessKey', 'deleteAccessKey'],
};

/** Nobody's: what has it is left to a person. */
const UNKNOWN_ACCOUNT = '000000000000';

/** What runs goes first, policies last: nothing can be deleted that something else still holds. */
const ORDER: readonly EradicationAction[] = ['terminateInstance', 'deleteAccessKey', 'deleteUser', 'deleteRole', 'deletePolicy'];

/** What is known beside the timeline. */
export interface Known {
  readonly inScope: ReadonlySet<string>;
  readonly issuedKeyIds: ReadonlySet<string>;
  readonly compromisedKeys: readonly { readonly accessKeyId: string; readonly owner: string }[];
}

/**
 * What the timeline proves to be the intruder's: made by an event of its lineage and not deleted, and the long-term keys of
 * `inScope` users that it used or that alerts name. Keys of a user that goes anyway are not listed apart.
 */
export function suspectsOf(timeline: Timeline, known: Known): Suspect[] {
  const inScope = new Set([...known.inScope].map(withoutPath));
  const made = timeline.resources.flatMap((row): Suspect[] => {
    const [call, action] = BY_TYPE[row.type] ?? [];
    if (action === undefined || call !== row.action || !row.present) return [];
    const owner = timeline.credentials.find(({ id }) => id === row.arn)?.principal;
    return [
      {
        action,
        target: row.arn,
        why: 'attackerMade',
        provedBy: row.provedBy,
        region: regionOf(row.arn),
        account: accountIn(owner ?? row.arn) ?? UNKNOWN_ACCOUNT,
        ...(owner === undefined ? {} : { owner }),
      },
    ];
  });
  const users = new Set(made.filter(({ action }) => action === 'deleteUser').map(({ target }) => withoutPath(target)));
  const used = timeline.credentials.flatMap(({ id, kind, principal, provedBy }): Suspect[] =>
    kind === 'access-key' && inScope.has(withoutPath(principal)) ? [heldKey(id, principal, provedBy ?? '')] : [],
  );
  const named = known.compromisedKeys.map(({ accessKeyId, owner }) => heldKey(accessKeyId, owner, ''));
  const held = [...used, ...named.filter(({ target }) => !used.some((one) => one.target === target))].filter(
    ({ target }) => !made.some((one) => one.target === target),
  );
  return [...made, ...held]
    .filter(({ target, owner }) => !known.issuedKeyIds.has(target) && !(owner !== undefined && users.has(withoutPath(owner))))
    .toSorted((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action) || (a.target < b.target ? -1 : 1));
}

function heldKey(target: string, owner: string, provedBy: string): Suspect {
  const account = accountIn(owner) ?? UNKNOWN_ACCOUNT;
  return { action: 'deleteAccessKey', target, why: 'compromised', provedBy, region: 'us-east-1', account, owner };
}

/** What the intruder changed or read and no proposal covers: exact commands where there is one, for a person to decide. */
export function guidedOf(timeline: Timeline, targets: ReadonlySet<string>): Guided[] {
  const covered = new Set([...targets].map(withoutPath));
  const passwords = timeline.principals.filter(({ how, arn }) => how === 'password-set' && !covered.has(withoutPath(arn)));
  const secrets = timeline.credentials.filter(({ kind }) => kind === 'secret');
  const changed = timeline.resources.filter(
    (row) =>
      row.present &&
      !covered.has(withoutPath(row.arn)) &&
      BY_TYPE[row.type]?.[0] !== row.action &&
      !/AccessKey|LoginProfile/.test(row.action),
  );
  return [
    ...passwords.map(({ arn, provedBy }) => ({
      title: `Console password of ${nameOf(arn)}`,
      why: `set by the intruder (event ${provedBy})`,
      commands: [cliCommand({ api: 'iam:DeleteLoginProfile', params: { UserName: nameOf(arn) } })],
    })),
    ...secrets.map(({ id, provedBy }) => ({
      title: `Secret ${id}`,
      why: `read by the intruder (event ${provedBy ?? 'unknown'}): rotate it`,
      commands: [cliCommand({ api: 'secretsmanager:RotateSecret', params: { SecretId: id } })],
    })),
    ...changed.map((row) => ({
      title: `${row.action} ${row.arn}`,
      why: `changed by the intruder (event ${row.provedBy})`,
      commands: undoOf(row),
    })),
  ].slice(0, 40);
}

/** What a signature covers: the proposals, and the moment before which nothing is the intruder's. */
export function proposalsHash({ proposals, firstMaliciousAt = null }: HashedPlan): string {
  return sha256Of({ proposals, firstMaliciousAt });
}

interface HashedPlan {
  readonly proposals: readonly Proposal[];
  readonly firstMaliciousAt?: string | null | undefined;
}

function undoOf({ action, arn }: Timeline['resources'][number]): string[] {
  const name = nameOf(arn);
  switch (action) {
    case 'PutUserPolicy':
      return [cliCommand({ api: 'iam:ListUserPolicies', params: { UserName: name } })];
    case 'AttachUserPolicy':
      return [cliCommand({ api: 'iam:ListAttachedUserPolicies', params: { UserName: name } })];
    case 'PutRolePolicy':
      return [cliCommand({ api: 'iam:ListRolePolicies', params: { RoleName: name } })];
    case 'AttachRolePolicy':
      return [cliCommand({ api: 'iam:ListAttachedRolePolicies', params: { RoleName: name } })];
    case 'UpdateAssumeRolePolicy':
      return [cliCommand({ api: 'iam:GetRole', params: { RoleName: name } })];
    case 'CreateInstanceProfile':
      return [cliCommand({ api: 'iam:DeleteInstanceProfile', params: { InstanceProfileName: name } })];
    case 'CreatePolicyVersion':
    case 'SetDefaultPolicyVersion':
      return [cliCommand({ api: 'iam:ListPolicyVersions', params: { PolicyArn: arn } })];
    default:
      return [];
  }
}

function accountIn(arn: string): string | undefined {
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];
}

function regionOf(arn: string): string {
  return /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(arn)?.[1] ?? 'us-east-1';
}
