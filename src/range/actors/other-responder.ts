import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import type { ActorClients } from './clients.js';
import type { OtherResponderPlan } from './scenario.js';
import type { Attempt, Script } from './stage.js';

/** What the administrator needs. */
export interface OtherResponderDeps {
  readonly plan: OtherResponderPlan;
  readonly clients: ActorClients;
  /** The user whose key leaked, and that key. */
  readonly leaked: { readonly userName: string; readonly accessKeyId: string };
  /** A group for the new colleague. */
  readonly group: string | undefined;
}

/** Says nothing that anybody would mind. */
const HARMLESS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'cloudtrail:DescribeTrails', Resource: '*' }],
});

/**
 * An administrator who goes about her work in the middle of an incident and knows of the leak from elsewhere: a new user with a
 * key, somebody's key rotated, the leaked user tagged, its key switched off, and later one more policy on it.
 */
export function otherResponder({ plan, clients: { iam }, leaked, group }: OtherResponderDeps): Script {
  const { newUser, rotates } = plan;
  return async (stage) => {
    let fresh: string | undefined;
    const oldKeyOf = async (): Promise<string | undefined> => {
      const listed = await stage.attempt(iam.send(new ListAccessKeysCommand({ UserName: rotates })));
      const keys = listed.allowed ? (listed.answer.AccessKeyMetadata ?? []) : [];
      return keys.find(({ AccessKeyId }) => AccessKeyId !== fresh)?.AccessKeyId;
    };
    const onOldKey = async (call: (AccessKeyId: string) => Promise<unknown>): Promise<Attempt<unknown> | undefined> => {
      const id = await oldKeyOf();
      return id === undefined ? undefined : stage.attempt(call(id));
    };
    const leakedKey = { UserName: leaked.userName, AccessKeyId: leaked.accessKeyId };
    const acts: readonly [string, () => Promise<unknown>][] = [
      [`makes the user ${newUser}`, () => stage.attempt(iam.send(new CreateUserCommand({ UserName: newUser })))],
      [`gives ${newUser} a key`, () => stage.attempt(iam.send(new CreateAccessKeyCommand({ UserName: newUser })))],
      [
        `puts ${newUser} into a group`,
        async () => group !== undefined && stage.attempt(iam.send(new AddUserToGroupCommand({ UserName: newUser, GroupName: group }))),
      ],
      [
        `gives ${rotates} a new key`,
        async () => {
          const made = await stage.attempt(iam.send(new CreateAccessKeyCommand({ UserName: rotates })));
          fresh = made.allowed ? made.answer.AccessKey?.AccessKeyId : undefined;
        },
      ],
      [
        `tags ${leaked.userName}`,
        () => stage.attempt(iam.send(new TagUserCommand({ UserName: leaked.userName, Tags: [{ Key: 'ticket', Value: 'OPS-4711' }] }))),
      ],
      [`switches the leaked key off`, () => stage.attempt(iam.send(new UpdateAccessKeyCommand({ ...leakedKey, Status: 'Inactive' })))],
      [
        `switches the old key of ${rotates} off`,
        () => onOldKey((AccessKeyId) => iam.send(new UpdateAccessKeyCommand({ UserName: rotates, AccessKeyId, Status: 'Inactive' }))),
      ],
      [
        `deletes the old key of ${rotates}`,
        () => onOldKey((AccessKeyId) => iam.send(new DeleteAccessKeyCommand({ UserName: rotates, AccessKeyId }))),
      ],
      [
        `gives ${leaked.userName} one more policy`,
        () =>
          stage.attempt(
            iam.send(new PutUserPolicyCommand({ UserName: leaked.userName, PolicyName: 'read-trails', PolicyDocument: HARMLESS })),
          ),
      ],
    ];
    for (const [text, act] of acts) {
      await stage.pause(plan.everySeconds);
      if (stage.isStopped()) return;
      await act();
      stage.say(text);
    }
  };
}
