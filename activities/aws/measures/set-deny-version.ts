import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  LimitExceededException,
  paginateListPolicyVersions,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { permanent } from '../../../src/contracts/failures.js';
import type { MeasureResult, WriteInput } from '../../../src/contracts/measure.js';
import { DENY_ALL_DOCUMENT } from '../../../src/domain/planning/documents.js';
import { denyVersionProblem } from '../../../src/domain/planning/policy-version-safety.js';
import { scopeOf } from '../aws-access.js';
import { readOwnPolicy } from '../read-own-policies.js';
import { unlessGone } from '../unless-gone.js';
import type { Measure, MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

interface Version {
  readonly id: string;
  readonly document: string;
}

/**
 * Gives a customer managed policy a default version that denies everything (S003's second containment command). Only where the policy is
 * in force for the target alone and as nobody's boundary: looked up again just before the write. Needs `iam:GetPolicy`,
 * `GetPolicyVersion`, `ListPolicyVersions`, `ListEntitiesForPolicy`, `CreatePolicyVersion` and, for the undo, `SetDefaultPolicyVersion`,
 * `DeletePolicyVersion`.
 *
 * @throws UnsafeAction, permanent: it would stop others too. PreconditionFailed, permanent: somebody changed the default since.
 * @throws PermissionDenied, QuotaExceeded, permanent; Throttled, transient.
 */
export function createSetDenyVersion({ access, authorize, now }: MeasureDeps): Measure {
  const measure = 'setDenyVersion' as const;

  async function apply(input: WriteInput): Promise<MeasureResult> {
    await authorize(input);
    const { target } = input.call;
    const iam = access.iam(scopeOf('Responder', input));
    const current = await defaultVersion(iam, target);
    // Where the denying version is there already, this may be the repeat of a write whose answer was lost: the plan knows what was before.
    const planned = input.approvedPlan.before.find((row) => row.measure === measure && row.target === target)?.value ?? null;
    const isDone = current.document === DENY_ALL_DOCUMENT;
    const before = input.reapply?.before ?? (isDone ? planned : current.id);
    const result = { measure, target, before, after: DENY_ALL_DOCUMENT, at: now() };
    if (isDone) return { ...result, changed: false, requestIds: [] };
    const problem = denyVersionProblem(await readOwnPolicy(iam, { arn: target, principal: input.principal }));
    if (problem !== undefined) throw permanent('UnsafeAction', problem);
    return { ...result, changed: true, requestIds: await createDenying(iam, target) };
  }

  async function undo(input: WriteInput): Promise<MeasureResult> {
    await authorize(input);
    const done = input.undo;
    if (!done || done.after !== DENY_ALL_DOCUMENT || typeof done.before !== 'string' || !/^v\d+$/.test(done.before))
      throw permanent('UnsafeAction', `the record to undo is not what ${measure} writes`);
    const iam = access.iam(scopeOf('Responder', input));
    const { target: PolicyArn, before } = done;
    const current = await defaultVersion(iam, PolicyArn);
    if (current.id !== before && current.document !== DENY_ALL_DOCUMENT)
      throw permanent('PreconditionFailed', `${PolicyArn} is at version ${current.id}, not at the denying one: somebody changed it since`);
    const requestIds =
      current.id === before ? [] : requestIdsOf(await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: before })));
    for (const VersionId of await denyingSince(iam, { PolicyArn, before }))
      requestIds.push(...(await unlessGone(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })))));
    return { ...done, changed: requestIds.length > 0, before: current.id, after: before, at: now(), requestIds };
  }

  return {
    name: measure,
    layer: 'deny',
    reversible: 'exact',
    apply,
    undo,
    async verify({ principal, target, incidentId }) {
      const { id, document } = await defaultVersion(access.iam(scopeOf('Responder', { principal, incidentId })), target);
      return { holds: document === DENY_ALL_DOCUMENT, found: `default version ${id}` };
    },
  };
}

async function defaultVersion(iam: IAMClient, PolicyArn: string): Promise<Version> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const id = Policy?.DefaultVersionId ?? '';
  return { id, document: await documentOf(iam, { PolicyArn, VersionId: id }) };
}

async function documentOf(iam: IAMClient, version: { PolicyArn: string; VersionId: string }): Promise<string> {
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(version));
  return decodeURIComponent(PolicyVersion?.Document ?? '');
}

/** A call whose answer was lost is repeated by the SDK: the repeat may find the policy at its quota of versions, with ours in force. */
async function createDenying(iam: IAMClient, PolicyArn: string): Promise<string[]> {
  try {
    const input = { PolicyArn, PolicyDocument: DENY_ALL_DOCUMENT, SetAsDefault: true };
    return requestIdsOf(await iam.send(new CreatePolicyVersionCommand(input)));
  } catch (error) {
    if (error instanceof LimitExceededException && (await defaultVersion(iam, PolicyArn)).document === DENY_ALL_DOCUMENT) return [];
    throw error;
  }
}

/** Denying versions made after the one that was in force: a repeated call leaves more than one. */
async function denyingSince(client: IAMClient, { PolicyArn, before }: { PolicyArn: string; before: string }): Promise<string[]> {
  const numberOf = (id: string): number => Number(id.slice(1));
  const ids: string[] = [];
  for await (const { Versions = [] } of paginateListPolicyVersions({ client }, { PolicyArn })) {
    for (const { VersionId = '', IsDefaultVersion } of Versions)
      if (IsDefaultVersion !== true && numberOf(VersionId) > numberOf(before)) ids.push(VersionId);
  }
  const documents = await Promise.all(ids.map((VersionId) => documentOf(client, { PolicyArn, VersionId })));
  return ids.filter((_, index) => documents[index] === DENY_ALL_DOCUMENT);
}
