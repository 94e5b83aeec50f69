import { type EradicationPlan, type Guided, ProposeInput, type Proposal } from '../../../src/contracts/eradication.js';
import { parsePayload } from '../../../src/contracts/failures.js';
import type { Rails } from '../../../src/contracts/policies.js';
import { Timeline } from '../../../src/contracts/timeline.js';
import { guidedOf, proposalsHash, type Suspect, suspectsOf } from '../../../src/domain/eradication/propose.js';
import { railRefusals } from '../../../src/domain/planning/rails.js';
import type { AccessScope } from '../../../src/ports/aws-access.js';
import type { EvidenceStore } from '../../../src/ports/evidence-store.js';
import type { OwnIdentityOf } from '../own-identity.js';
import { type Current, readCurrent, type ReadCurrentDeps } from './read-current.js';

export interface ProposeEradicationDeps {
  readonly evidenceClients: (scope: AccessScope) => ReadCurrentDeps;
  readonly working: EvidenceStore;
  readonly ownIdentity: OwnIdentityOf;
  readonly rails: () => Promise<Rails>;
  readonly now: () => string;
}

/**
 * Proposes what to remove: what the timeline proves to be the intruder's and AWS still has. Things older than the first
 * malicious event, or that a rail protects, are left to a person. Reads only; needs what `readCurrent` needs.
 *
 * @throws TargetNotFound, PreconditionFailed, permanent: the timeline file is gone or altered.
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createProposeEradication(deps: ProposeEradicationDeps): (input: ProposeInput) => Promise<EradicationPlan> {
  return async (raw) => {
    const input = parsePayload(ProposeInput, raw, 'proposal');
    const text = new TextDecoder().decode(await deps.working.get(input.timeline));
    const timeline = parsePayload(Timeline, JSON.parse(text), 'timeline');
    const first = timeline.entries.find(({ lane }) => lane === 'attacker')?.at;
    const [rails, own] = await Promise.all([deps.rails(), deps.ownIdentity(input.principals[0]?.account ?? '')]);
    const suspects = suspectsOf(timeline, {
      inScope: new Set(input.principals.map(({ arn }) => arn)),
      issuedKeyIds: new Set(input.issuedKeyIds),
      compromisedKeys: input.compromisedKeys,
    });
    const proposals: Proposal[] = [];
    const guided: Guided[] = [];
    for (const suspect of suspects) {
      // Elsewhere, or nobody's: a thing of the same name here would be another.
      const foreign = !rails.accounts.includes(suspect.account) || (suspect.action === 'deleteAccessKey' && suspect.owner === undefined);
      const current = foreign
        ? undefined
        : await readCurrent(suspect, deps.evidenceClients({ account: suspect.account, role: 'Reader', incidentId: input.incidentId }));
      if (foreign) guided.push(byHand(suspect, `account ${suspect.account} is not on the allow-list of rails.yaml`));
      if (current === undefined) continue;
      const refusals = railRefusals(
        { account: suspect.account, arn: current.arn, uniqueId: current.uniqueId ?? '' },
        { rails, ourArn: own.arn, ourIds: own.chain },
      );
      const doubt = [...refusals, ...doubtsOf(suspect, current, first)];
      if (doubt.length > 0) guided.push(byHand(suspect, doubt.join('; ')));
      else proposals.push(proposalOf(suspect, current, proposals.length + 1));
    }
    const firstMaliciousAt = first === undefined ? undefined : new Date(first).toISOString();
    const covered = new Set([...suspects.map(({ target }) => target), ...proposals.map(({ target }) => target)]);
    return {
      proposals,
      guided: [...guided, ...guidedOf(timeline, covered)],
      ...(firstMaliciousAt === undefined ? {} : { firstMaliciousAt }),
      plannedAt: deps.now(),
      planSha256: proposalsHash({ proposals, firstMaliciousAt }),
    };
  };
}

function byHand({ action, target }: Suspect, why: string): Guided {
  return { title: `${action} ${target}`, why, commands: [] };
}

/** Names are re-used: a thing of that name that is older than the theft is somebody else's. */
function doubtsOf({ why }: Suspect, { createdAt, status }: Current, first: string | undefined): string[] {
  if (why === 'compromised') return status === 'Inactive' ? [] : ['the key is still active: contain it first'];
  if (first === undefined || createdAt === undefined) return ['when it was made is not known'];
  // Records carry whole seconds.
  return Date.parse(createdAt) + 1000 >= Date.parse(first) ? [] : [`it was made at ${createdAt}, before the first malicious event`];
}

function proposalOf(suspect: Suspect, current: Current, number: number): Proposal {
  const { action, why, provedBy, region, account } = suspect;
  const isKey = action === 'deleteAccessKey';
  return {
    proposalId: `E${number}`,
    action,
    account,
    region,
    // As AWS has it, with the path that records leave out.
    target: isKey ? suspect.target : current.arn,
    ...(current.uniqueId === undefined ? {} : { uniqueId: current.uniqueId }),
    ...(isKey ? { owner: current.arn } : {}),
    ...(current.createdAt === undefined ? {} : { createdAt: current.createdAt }),
    why,
    provedBy,
    calls: current.calls,
    undo: UNDO[action],
  };
}

const UNDO: Readonly<Record<Proposal['action'], string>> = {
  deleteUser: 'make it again from the copy in the evidence store; it gets another unique id and new credentials',
  deleteRole: 'make it again from the copy in the evidence store; policies that name its old id stay broken',
  deletePolicy: 'make it again from the copy in the evidence store and attach it again',
  deleteAccessKey: 'not possible: its secret is lost, a new key must be issued',
  terminateInstance: 'not possible: instance store and memory are lost; snapshots of its volumes must be taken before',
};
