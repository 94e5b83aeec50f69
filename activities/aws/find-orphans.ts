import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  type IAMClient,
  type RoleDetail,
  type UserDetail,
} from '@aws-sdk/client-iam';
import type { ContainmentState } from '../../src/contracts/containment.js';
import { containmentIdFor } from '../../src/contracts/principal.js';
import type { ReconcileFinding } from '../../src/contracts/reconcile.js';
import { cliCommand } from '../../src/domain/engine/containment-view.js';
import { isObject } from '../../src/domain/json-value.js';
import { ourSidsIn } from '../../src/domain/planning/scp-content.js';
import { principalLock } from '../../src/domain/principals/lock.js';
import { accountsFor, type Artefact, artefactsOf, type Entity, incidentInName, missingOf } from '../../src/domain/reconcile/artefacts.js';
import { undoCommands } from '../../src/domain/reconcile/undo-command.js';
import type { AwsAccess } from './aws-access.js';
import type { Containments } from '../temporal/read-containments.js';

/** More findings than this are one fault, not many: the first ones are named. */
const MAX_FOUND = 50;

export interface FindOrphansDeps {
  readonly access: Pick<AwsAccess, 'iam'>;
  /** Accounts to compare. */
  readonly accounts: () => Promise<readonly string[]>;
  /** Content of the quarantine SCPs by policy id. */
  readonly scpContents: () => Promise<ReadonlyMap<string, string>>;
  readonly containments: Containments;
}

/**
 * Compares the account with the open containments, both ways: artefacts that none accounts for, and measures that one says
 * are in force and AWS does not show. Reads only; each finding has the command that would mend it. Keys and other credentials
 * are not compared: authorization details do not show them. Needs `iam:GetAccountAuthorizationDetails`.
 *
 * @throws PermissionDenied, permanent; Throttled, transient: see `classifyAwsError`.
 */
export function createFindOrphans({ access, accounts, scpContents, containments }: FindOrphansDeps): () => Promise<ReconcileFinding[]> {
  return async () => {
    // AWS first: what a containment has written meanwhile it then says itself.
    const clients = (await accounts()).map((account) => access.iam({ account, role: 'Reader', incidentId: 'TQ-reconcile' }));
    const [entityLists, contents] = await Promise.all([Promise.all(clients.map(readEntities)), scpContents()]);
    const entities = entityLists.flat();
    const open = await containments.open();
    const orphans = entities.flatMap(artefactsOf).filter((artefact) => !open.some((state) => accountsFor(state, artefact)));
    const found: ReconcileFinding[] = [];
    for (const orphan of orphans.slice(0, MAX_FOUND)) {
      const last = await containments.last(containmentIdFor(principalLock(orphan.entity)));
      // The list of open ones is a moment behind; this answer is not.
      if (last?.open === true && accountsFor(last.state, orphan)) continue;
      found.push(orphanFinding(orphan, last?.state));
    }
    const missing = open.flatMap((state) => missingOf(state, entities).map((one) => missingFinding(state, one)));
    return [...found, ...orphanEntries(contents, open), ...missing].slice(0, MAX_FOUND);
  };
}

/** Entries of the quarantine SCPs that no open containment holds. */
function orphanEntries(contents: ReadonlyMap<string, string>, open: readonly ContainmentState[]): ReconcileFinding[] {
  const held = new Set(open.flatMap(({ results }) => results.map(({ after }) => (isObject(after) ? after['sid'] : undefined))));
  return [...contents].flatMap(([policyId, content]) =>
    ourSidsIn(content)
      .filter((sid) => !held.has(sid))
      .map((sid) => ({
        key: `orphan|${policyId}|quarantineByScp|${sid}`,
        kind: 'orphan' as const,
        incidentId: '',
        title: `quarantine SCP ${policyId} has an entry that no open containment holds: ${sid}`,
        lines: [
          'it still denies whom it names, in every account below it; Tourniquet does not touch it. To take it off, remove the statement with this Sid:',
          cliCommand({ api: 'organizations:DescribePolicy', params: { PolicyId: policyId } }),
          cliCommand({ api: 'organizations:UpdatePolicy', params: { PolicyId: policyId, Content: 'file://without-the-statement.json' } }),
        ],
      })),
  );
}

function orphanFinding(artefact: Artefact, last: ContainmentState | undefined): ReconcileFinding {
  const { entity, measure, target } = artefact;
  const who = `IAM ${entity.kind} ${entity.name} (${entity.account})`;
  const incidentId = incidentInName(target) ?? last?.incidentId ?? '';
  const history =
    last === undefined
      ? 'no containment of this principal is known: if you put it there yourself, it is yours to keep'
      : `the last containment of it is ${last.view.state}: ${last.view.headline}`;
  return {
    key: `orphan|${entity.uniqueId}|${measure}|${target}`,
    kind: 'orphan',
    incidentId,
    title: `${who} carries a quarantine that no open containment holds: ${measure} ${target}`,
    lines: [
      history,
      'it still has its effect and nobody watches it; Tourniquet does not touch it. To take it off:',
      ...undoCommands(artefact, last),
    ],
  };
}

function missingFinding(
  { view, plan, incidentId }: ContainmentState,
  { measure, target }: { measure: string; target: string },
): ReconcileFinding {
  const { principal, containmentId } = view;
  const planned = [...(plan?.measures ?? []), ...(plan?.recovery ?? [])].find((call) => call.measure === measure && call.target === target);
  return {
    key: `missing|${containmentId}|${measure}|${target}`,
    kind: 'missing',
    incidentId,
    title: `${principal.name} (${principal.account}) is ${view.state}, and AWS does not show what is said to be in force: ${measure} ${target}`,
    lines: [
      `its containment puts it back at its next check; if it does not: tourniquet show ${incidentId}`,
      ...(planned?.calls.map(cliCommand) ?? []),
    ],
  };
}

async function readEntities(iam: IAMClient): Promise<Entity[]> {
  const entities: Entity[] = [];
  let Marker: string | undefined;
  do {
    const page: GetAccountAuthorizationDetailsCommandOutput = await iam.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: ['User', 'Role'], ...(Marker === undefined ? {} : { Marker }) }),
    );
    entities.push(...(page.UserDetailList ?? []).map(userOf), ...(page.RoleDetailList ?? []).map(roleOf));
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
  return entities;
}

function userOf({ UserName, UserId, UserPolicyList, ...user }: UserDetail): Entity {
  return { kind: 'user', name: UserName ?? '', uniqueId: UserId ?? '', ...shared(user, UserPolicyList) };
}

function roleOf({ RoleName, RoleId, RolePolicyList, AssumeRolePolicyDocument: trust, ...role }: RoleDetail): Entity {
  return {
    kind: 'role',
    name: RoleName ?? '',
    uniqueId: RoleId ?? '',
    ...shared(role, RolePolicyList),
    ...(trust === undefined ? {} : { trustPolicy: decodeURIComponent(trust) }),
  };
}

type Shared = Pick<Entity, 'account' | 'arn' | 'inlinePolicies' | 'attachedPolicyArns' | 'boundaryArn'>;

function shared(
  {
    Arn = '',
    AttachedManagedPolicies = [],
    PermissionsBoundary,
  }: Pick<UserDetail, 'Arn' | 'AttachedManagedPolicies' | 'PermissionsBoundary'>,
  inline: readonly { PolicyName?: string | undefined }[] = [],
): Shared {
  const boundaryArn = PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    account: Arn.split(':')[4] ?? '',
    arn: Arn,
    inlinePolicies: inline.flatMap(({ PolicyName }) => (PolicyName === undefined ? [] : [PolicyName])),
    attachedPolicyArns: AttachedManagedPolicies.flatMap(({ PolicyArn }) => (PolicyArn === undefined ? [] : [PolicyArn])),
    ...(boundaryArn === undefined ? {} : { boundaryArn }),
  };
}
