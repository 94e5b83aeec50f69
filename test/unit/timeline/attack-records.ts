import { DeleteAccessKeyCommand, DeleteUserCommand, DeleteUserPolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Reading, TimelineQuestion } from '../../../src/domain/timeline/build.js';
import { type CloudTrailRecord, createVirtualClock, startRange } from '../../../src/range/index.js';
import { clientsFor } from '../range/clients.js';

export const CI_DEPLOY_ARN = 'arn:aws:iam::111122223333:user/automation/ci-deploy';
const RESPONDER_ARN = 'arn:aws:iam::111122223333:user/ir/tourniquet-responder';
const RESTORER_ARN = 'arn:aws:iam::111122223333:user/ir/tourniquet-restorer';

/** The records of one attack, its containment and a removal, and whose doing each was. */
export interface AttackRecords {
  readonly records: readonly CloudTrailRecord[];
  /** Event ids by who made the call, from the range's own ledger. */
  readonly by: { readonly attacker: ReadonlySet<string>; readonly holder: ReadonlySet<string>; readonly responder: ReadonlySet<string> };
  readonly leakedKeyId: string;
  readonly made: { readonly user: string; readonly key: string; readonly role: string };
  readonly question: TimelineQuestion;
  readonly reading: Reading;
}

/** Plays an attack in virtual time: ways back are made and used, the key is switched off, the user that was made removed. */
export async function attackRecords(): Promise<AttackRecords> {
  const clock = createVirtualClock();
  const range = await startRange({ clock, seed: 3, attackerMakes: true, propagationSeconds: { min: 0, max: 0 } });
  range.startActors(['opportunist', 'benign']);
  await clock.advance(12_000);
  const { iam } = clientsFor(range, range.identities.responder);
  const leaked = { UserName: 'ci-deploy', AccessKeyId: range.identities.leaked.accessKeyId };
  await iam.send(new UpdateAccessKeyCommand({ ...leaked, Status: 'Inactive' }));
  await clock.advance(12_000);
  await range.stopActors();
  await iam.send(new UpdateAccessKeyCommand({ ...leaked, Status: 'Inactive' }));
  const user = range.iamState().users.find(({ name }) => name.startsWith('svc-'));
  const UserName = user?.name ?? '';
  const key = user?.keys[0]?.accessKeyId ?? '';
  const restorer = clientsFor(range, range.identities.restorer);
  await restorer.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key }));
  await restorer.iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'backup' }));
  await restorer.iam.send(new DeleteUserCommand({ UserName }));
  // An innocent neighbour and an outsider without a part in it.
  await clientsFor(range, range.identities.innocent).sts.send(new GetCallerIdentityCommand({}));
  await clientsFor(range, range.identities.outsider)
    .sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/deploy-target', RoleSessionName: 'x' }))
    .catch(() => undefined);
  const records = range.recorded();
  const idsOf = (actor: string): Set<string> =>
    new Set(range.ledger().flatMap((entry) => (entry.actor === actor && entry.eventId !== undefined ? [entry.eventId] : [])));
  const ours = records.filter(({ userIdentity: { arn } }) => arn === RESPONDER_ARN || arn === RESTORER_ARN);
  return {
    records,
    by: { attacker: idsOf('opportunist'), holder: idsOf('benign'), responder: new Set(ours.map(({ eventID }) => eventID)) },
    leakedKeyId: leaked.AccessKeyId,
    made: { user: UserName, key, role: range.iamState().roles.find(({ name }) => name.startsWith('svc-'))?.name ?? '' },
    question: {
      incidentId: 'INC-20261122-ABCDEFGH',
      seeds: [CI_DEPLOY_ARN, leaked.AccessKeyId],
      responders: new Set([RESPONDER_ARN, RESTORER_ARN]),
      issuedKeyIds: new Set(),
      ownedAccounts: new Set(['111122223333']),
      alarm: { since: clock.now() - 60_000, ips: new Set() },
    },
    reading: {
      fromAt: new Date(clock.now() - 86_400_000).toISOString(),
      readUntilAt: new Date(clock.now() + 1000).toISOString(),
      pages: 3,
      requestIds: ['request-1'],
      regions: ['us-east-1'],
      complete: true,
      gaps: [],
    },
  };
}
