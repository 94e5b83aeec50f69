import { AssumeRoleCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { Range } from '../../../src/range/index.js';
import { clientsFor, fromSts, type TestCredentials } from './clients.js';

/** The accounts of the scenario `organization`. */
export const MAIN = '111122223333';
export const HUB = '222233334444';
export const DATA = '333344445555';
export const MANAGEMENT = '444455556666';

/** What every role of incident response asks for. */
export const EXTERNAL_ID = 'acme-tourniquet';

type Wanted = { readonly account: string; readonly role: 'Reader' | 'Responder' | 'Restorer' };

/** Credentials of the first hop: the worker's user as the orchestrator. */
export async function orchestrator(range: Range): Promise<TestCredentials> {
  const worker = range.identities.orchestrator;
  if (worker === undefined) throw new Error('the scenario has no orchestrator');
  return assumed(range, worker, { RoleArn: `arn:aws:iam::${HUB}:role/ir/Orchestrator` });
}

/** Credentials of a role of incident response, as the worker gets them: two hops. */
export async function incidentRole(range: Range, { account, role }: Wanted): Promise<TestCredentials> {
  return assumed(range, await orchestrator(range), {
    RoleArn: `arn:aws:iam::${account}:role/ir/${role}`,
    ExternalId: EXTERNAL_ID,
    SourceIdentity: 'INC-20261122-ABCDEFGH',
    DurationSeconds: 900,
  });
}

/** Credentials of any role. */
export async function assumed(
  range: Range,
  credentials: TestCredentials,
  input: Pick<AssumeRoleCommandInput, 'RoleArn'> & Partial<AssumeRoleCommandInput>,
): Promise<TestCredentials> {
  const { sts } = clientsFor(range, credentials);
  return fromSts((await sts.send(new AssumeRoleCommand({ RoleSessionName: 'ir-test', ...input }))).Credentials);
}
