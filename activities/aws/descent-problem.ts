import { GetAccessKeyLastUsedCommand, GetInstanceProfileCommand } from '@aws-sdk/client-iam';
import type { Alert } from '../../src/contracts/alert.js';
import type { Authority, DescentEdge } from '../../src/contracts/authority.js';
import { transient } from '../../src/contracts/failures.js';
import type { Principal } from '../../src/contracts/principal.js';
import { KNOWN_BEFORE_MS } from '../../src/domain/cloudtrail/callers.js';
import type { CloudTrailRecord } from '../../src/domain/cloudtrail/record.js';
import { chainProblem, edgeProblem, isCallerOf } from '../../src/domain/growth/check-descent.js';
import { profilesIn } from '../../src/domain/growth/descendants.js';
import { nameOf } from '../../src/domain/principals/arn.js';
import type { EventHistory } from '../../src/ports/event-history.js';
import type { AwsAccess } from './aws-access.js';
import { orAbsent } from './or-absent.js';
import type { RecentCallers } from './recent-callers.js';

type Descent = Extract<Authority, { by: 'descent' }>;

/** Why a descent does not hold, or undefined when CloudTrail shows every step of it. */
export type DescentProblem = (descent: Descent, principal: Principal) => Promise<string | undefined>;

export interface DescentProblemDeps {
  readonly access: Pick<AwsAccess, 'iam'>;
  readonly history: EventHistory;
  readonly recentCallers: RecentCallers;
  readonly nowMs: () => number;
}

/** Events older than this are no part of a containment under way. */
const LOOK_BACK_MS = 14 * 24 * 3_600_000;

/**
 * Checks a descent against CloudTrail, step by step (aws-domain 5.4): the events exist, lead from the alert's principal to this one, happened since
 * the first suspicious moment, and did not come from an address the rightful holder was known at. What was once shown is kept;
 * the measures of a plan ask at once and share one answer, because LookupEvents takes two requests a second.
 * Needs `cloudtrail:LookupEvents`, `iam:GetAccessKeyLastUsed` and `iam:GetInstanceProfile`.
 */
export function createDescentProblem(deps: DescentProblemDeps): DescentProblem {
  const records = new Map<string, CloudTrailRecord>();
  const shown = new Map<string, Promise<string | undefined>>();

  const recordOf = async ({ eventId, region, parentArn }: DescentEdge): Promise<CloudTrailRecord | undefined> => {
    const known = records.get(eventId);
    if (known !== undefined) return known;
    const account = parentArn.split(':')[4] ?? '';
    const toMs = deps.nowMs();
    const asked = { account, region, attribute: 'EventId', value: eventId, priority: 'write' } as const;
    const answer = await deps.history.lookup({ ...asked, fromMs: toMs - LOOK_BACK_MS, toMs, maxPages: 1 });
    const found = answer.records.find(({ eventID }) => eventID === eventId);
    if (found !== undefined) records.set(eventId, found);
    return found;
  };

  const problemOf: DescentProblem = async ({ alert, edges }, principal) => {
    const broken = chainProblem(edges, principal.arn);
    if (broken !== undefined) return broken;
    const suspiciousSinceMs = Date.parse(alert.firstSeenAt);
    for (const [index, edge] of edges.entries()) {
      const record = await recordOf(edge);
      // What the intruder made has no rightful holder.
      const isOwned = edges[index - 1]?.how !== 'created';
      const holderAddresses = isOwned ? await holderAddressesOf(deps, edge, suspiciousSinceMs) : new Set<string>();
      const profileRoleArn = record === undefined ? undefined : await profileRoleOf(deps, edge, record);
      const problem = edgeProblem({ edge, record, holderAddresses, profileRoleArn, suspiciousSinceMs });
      if (problem !== undefined) return problem;
      if (index === 0 && (record === undefined || !(await isAlertsCaller(deps, alert, record))))
        return `event ${edge.eventId} is not a call of the principal the alert is about`;
    }
    return undefined;
  };

  return (descent, principal) => {
    // All that is judged: the same events told otherwise are another descent.
    const key = JSON.stringify([descent.alert, descent.edges, principal.arn]);
    const known = shown.get(key);
    if (known !== undefined) return known;
    const answer = problemOf(descent, principal);
    shown.set(key, answer);
    const forget = (): void => void shown.delete(key);
    answer.then((problem) => problem === undefined || forget(), forget);
    return answer;
  };
}

/** The role that compute runs with, where the record names the instance profile it is in. */
async function profileRoleOf(
  { access }: Pick<DescentProblemDeps, 'access'>,
  { childArn }: DescentEdge,
  record: CloudTrailRecord,
): Promise<string | undefined> {
  const [profile] = profilesIn(record);
  if (profile === undefined) return undefined;
  const iam = access.iam({ account: childArn.split(':')[4] ?? '', role: 'Reader' });
  // Deleted meanwhile: then nothing shows which role was in it, and a person decides.
  const found = await orAbsent(() => iam.send(new GetInstanceProfileCommand({ InstanceProfileName: nameOf(profile) })));
  return found?.InstanceProfile?.Roles?.[0]?.Arn;
}

async function holderAddressesOf(
  { recentCallers }: DescentProblemDeps,
  { parentArn }: DescentEdge,
  suspiciousSinceMs: number,
): Promise<Set<string>> {
  const [account = '', path = ''] = parentArn.split(':').slice(4);
  const kind = path.startsWith('role/') ? ('role' as const) : ('user' as const);
  const parent = { account, kind, name: nameOf(parentArn), arn: parentArn, uniqueId: parentArn, lockId: parentArn, ownerSubjects: [] };
  // Up to where callers count as known: however much the intruder calls since, the holder stays in what is read.
  const { callers, notRead } = await recentCallers(parent, suspiciousSinceMs - KNOWN_BEFORE_MS);
  // Nobody known because nothing could be read is not the same as nobody known.
  if (callers.length === 0 && notRead.length > 0) throw transient('UpstreamUnavailable', `who uses ${parentArn}: ${notRead.join(', ')}`);
  return new Set(callers.map(({ sourceIp }) => sourceIp));
}

async function isAlertsCaller({ access }: DescentProblemDeps, alert: Alert, record: CloudTrailRecord): Promise<boolean> {
  if (isCallerOf(alert, record, undefined)) return true;
  const { accessKeyId } = alert.hints;
  const account = alert.account ?? record.userIdentity.accountId;
  if (accessKeyId?.startsWith('AKIA') !== true || account === undefined) return false;
  const owner = await access.iam({ account, role: 'Reader' }).send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
  return isCallerOf(alert, record, owner.UserName);
}
