import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAccessKeyCommand,
  type ContextEntry,
} from '@aws-sdk/client-iam';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { ACCOUNT, ADDRESSES, keysOf, outcomeOf, type Clients, type Keys } from './cloud.js';
import type { Answers, Side } from './compare.js';
import { createSubject, type Subject } from './subject.js';
import { TARGETS } from './targets.js';
import { policyText, type Caller, type Statement } from './world.js';

/** One call, or a few that belong together, played on each side alike. */
export type PlayedCall = {
  readonly name: string;
  readonly play: (actor: Actor) => Promise<string>;
  /** What both answer; of two, who is right, and by what. */
  readonly answers: string | (Answers & { readonly right: 'range' | 'MiniStack'; readonly why: string });
};

/** A fresh user who may do everything, with his key, on one side. */
export interface Actor {
  readonly keys: Keys;
  readonly names: Subject['names'];
  readonly administrator: Clients;
  clients(keys: Keys): Clients;
  mint(caller: Caller): Promise<Keys>;
}

const EVERYTHING: Statement = { Effect: 'Allow', Action: ['*'], Resource: ['*'] };

/** Makes the user of one played call. */
export async function createActor(side: Side, number: number): Promise<Actor> {
  const subject = await createSubject(side, { world: { userInline: [EVERYTHING], roleInline: [EVERYTHING] }, number });
  const { mint, names } = subject;
  return {
    names,
    mint,
    keys: await mint('userKey'),
    administrator: side.administrator,
    clients: (keys) => side.cloud.clientsFor(keys, ADDRESSES[0]),
  };
}

const listUsers = (clients: Clients): Promise<string> => outcomeOf(clients.iam.send(new ListUsersCommand({ MaxItems: 1 })));
const roleArn = (name = ''): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

function setStatus({ administrator, names, keys }: Actor, Status: 'Active' | 'Inactive'): Promise<unknown> {
  return administrator.iam.send(new UpdateAccessKeyCommand({ UserName: names['user'], AccessKeyId: keys.accessKeyId, Status }));
}

const OLD_SESSION: ContextEntry = {
  ContextKeyName: 'aws:TokenIssueTime',
  ContextKeyType: 'date',
  ContextKeyValues: ['2026-11-02T08:00:00Z'],
};

async function simulated({ iam }: Clients, who: string, ...ContextEntries: ContextEntry[]): Promise<string> {
  const question = { PolicySourceArn: `arn:aws:iam::${ACCOUNT}:${who}`, ActionNames: ['s3:GetObject'], ContextEntries };
  const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(question));
  return EvaluationResults[0]?.EvalDecision ?? 'no answer';
}

/** Calls beside policy evaluation, with what each side answers. */
export const CALLS: readonly PlayedCall[] = [
  { name: 'a live key', play: ({ clients, keys }) => listUsers(clients(keys)), answers: 'allowed' },
  {
    name: 'an inactive key',
    play: async (actor) => {
      await setStatus(actor, 'Inactive');
      return listUsers(actor.clients(actor.keys));
    },
    answers: 'InvalidClientTokenId',
  },
  {
    name: 'a key that is active again',
    play: async (actor) => {
      await setStatus(actor, 'Inactive');
      await setStatus(actor, 'Active');
      return listUsers(actor.clients(actor.keys));
    },
    answers: 'allowed',
  },
  {
    name: 'a deleted key',
    play: async ({ administrator, names, keys, clients }) => {
      await administrator.iam.send(new DeleteAccessKeyCommand({ UserName: names['user'], AccessKeyId: keys.accessKeyId }));
      return listUsers(clients(keys));
    },
    answers: 'InvalidClientTokenId',
  },
  {
    name: 'a wrong secret',
    play: ({ clients, keys }) => listUsers(clients({ ...keys, secretAccessKey: 'x'.repeat(40) })),
    answers: 'SignatureDoesNotMatch',
  },
  {
    name: "a session without its token's right end",
    play: async ({ clients, mint }) => {
      const session = await mint('roleSession');
      return listUsers(clients({ ...session, sessionToken: `${session.sessionToken ?? ''}x` }));
    },
    answers: 'InvalidClientTokenId',
  },
  {
    name: 'a session of a key that became inactive',
    play: async (actor) => {
      const session = await actor.mint('sessionToken');
      await setStatus(actor, 'Inactive');
      return outcomeOf(actor.clients(session).s3.send(new ListObjectsV2Command({ Bucket: TARGETS.bucket })));
    },
    answers: 'allowed',
  },
  {
    name: 'an inactive key at S3',
    play: async (actor) => {
      await setStatus(actor, 'Inactive');
      return outcomeOf(actor.clients(actor.keys).s3.send(new ListObjectsV2Command({ Bucket: TARGETS.bucket })));
    },
    answers: {
      range: 'InvalidClientTokenId',
      ministack: 'InvalidAccessKeyId',
      right: 'MiniStack',
      why: 'S3 API reference, "List of error codes"',
    },
  },
  {
    name: 'an inactive key at a JSON service',
    play: async (actor) => {
      await setStatus(actor, 'Inactive');
      return outcomeOf(actor.clients(actor.keys).secrets.send(new ListSecretsCommand({})));
    },
    answers: {
      range: 'InvalidClientTokenId',
      ministack: 'UnrecognizedClientException',
      right: 'MiniStack',
      why: 'Secrets Manager API reference, "Common errors"',
    },
  },
  {
    name: 'a third access key',
    play: async ({ administrator, names }) => {
      const create = (): Promise<unknown> => administrator.iam.send(new CreateAccessKeyCommand({ UserName: names['user'] }));
      await create();
      return outcomeOf(create());
    },
    answers: {
      range: 'LimitExceededException',
      ministack: 'allowed',
      right: 'range',
      why: 'IAM user guide, "IAM and AWS STS quotas": two',
    },
  },
  {
    name: 'the simulator about what no policy allows',
    play: ({ administrator }) => simulated(administrator, `user${TARGETS.path}${TARGETS.userOnPath}`),
    answers: 'implicitDeny',
  },
  {
    name: 'the simulator about an old session under a deny of old sessions',
    play: async ({ administrator, names }) => {
      const deny = {
        ...EVERYTHING,
        Effect: 'Deny',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': ['2026-11-02T09:00:00Z'] } },
      } as const;
      const PolicyDocument = policyText([deny], {});
      await administrator.iam.send(new PutUserPolicyCommand({ UserName: names['user'], PolicyName: 'revoked', PolicyDocument }));
      return simulated(administrator, `user/${names['user'] ?? ''}`, OLD_SESSION);
    },
    answers: {
      range: 'explicitDeny',
      ministack: 'allowed',
      right: 'range',
      why: 'IAM API reference, SimulatePrincipalPolicy, ContextEntries',
    },
  },
  {
    name: 'the last use of a key that was used',
    play: async ({ administrator, clients, keys }) => {
      await listUsers(clients(keys));
      const question = new GetAccessKeyLastUsedCommand({ AccessKeyId: keys.accessKeyId });
      return (await administrator.iam.send(question)).AccessKeyLastUsed?.ServiceName ?? 'no answer';
    },
    answers: { range: 'iam', ministack: 'N/A', right: 'range', why: 'IAM API reference, AccessKeyLastUsed' },
  },
  {
    name: 'a source identity',
    play: async ({ clients, keys, names }) => {
      const asked = { RoleArn: roleArn(names['trusted']), RoleSessionName: 'job-1', SourceIdentity: 'INC-1' };
      const answer = clients(keys).sts.send(new AssumeRoleCommand(asked));
      return answer.then(
        ({ SourceIdentity = 'none' }) => SourceIdentity,
        (error: unknown) => (error instanceof Error ? error.name : 'not an error'),
      );
    },
    answers: {
      range: 'AccessDenied',
      ministack: 'none',
      right: 'range',
      why: 'IAM user guide, "Monitor and control actions taken with assumed roles": the trust must allow sts:SetSourceIdentity',
    },
  },
  {
    name: 'two hours of a role from a session of a role',
    play: async ({ clients, mint, names }) => {
      const asked = { RoleArn: roleArn(names['trusted']), RoleSessionName: 'job-1', DurationSeconds: 7200 };
      return outcomeOf(clients(await mint('roleSession')).sts.send(new AssumeRoleCommand(asked)));
    },
    answers: { range: 'ValidationError', ministack: 'allowed', right: 'range', why: 'IAM user guide, "Role chaining": one hour at most' },
  },
  {
    name: "a role's session mints another one",
    play: async ({ clients, mint, names }) => {
      const asked = { RoleArn: roleArn(names['trusted']), RoleSessionName: 'job-1' };
      const { Credentials } = await clients(await mint('roleSession')).sts.send(new AssumeRoleCommand(asked));
      return listUsers(clients(keysOf(Credentials)));
    },
    answers: 'AccessDenied',
  },
];
