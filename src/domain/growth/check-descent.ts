import type { Alert } from '../../contracts/alert.js';
import type { DescentEdge } from '../../contracts/authority.js';
import { KNOWN_BEFORE_MS } from '../cloudtrail/callers.js';
import type { CloudTrailRecord } from '../cloudtrail/record.js';
import { isIntrudersAlone } from '../engine/descent.js';
import { nameOf, withoutPath } from '../principals/arn.js';
import { callerArnOf, descendantsOf } from './descendants.js';

/** What one edge is held against. */
export interface EdgeCheck {
  readonly edge: DescentEdge;
  /** The record its event id names; undefined when CloudTrail has none (yet). */
  readonly record: CloudTrailRecord | undefined;
  /** Addresses that the parent's rightful holder was known at. */
  readonly holderAddresses: ReadonlySet<string>;
  /** The role in the instance profile that the record names. */
  readonly profileRoleArn?: string | undefined;
  /** First suspicious moment, epoch ms. */
  readonly suspiciousSinceMs: number;
}

/** Why an edge does not show what it says, or undefined when it does. */
export function edgeProblem({ edge, record, holderAddresses, profileRoleArn, suspiciousSinceMs }: EdgeCheck): string | undefined {
  if (record === undefined) return `CloudTrail shows no event ${edge.eventId}`;
  if (!isIntrudersAlone([edge])) return `${edge.childArn} belongs to somebody: a person decides`;
  const leadsTo = (arn: string): string => withoutPath(isInstanceProfile(arn) ? (profileRoleArn ?? arn) : arn);
  const found = descendantsOf(record, holderAddresses).find(
    ({ how, arn }) => how === edge.how && leadsTo(arn) === withoutPath(edge.childArn),
  );
  if (found === undefined) return `event ${edge.eventId} does not lead to ${edge.childArn}`;
  if (withoutPath(callerArnOf(record) ?? '') !== withoutPath(edge.parentArn))
    return `event ${edge.eventId} is not a call of ${edge.parentArn}`;
  if (found.fromHolder) return `event ${edge.eventId} came from an address the rightful holder uses`;
  if (Date.parse(found.eventAt) < suspiciousSinceMs - KNOWN_BEFORE_MS)
    return `event ${edge.eventId} is older than the first suspicious moment`;
  return undefined;
}

/** Is it the ARN of an instance profile? */
export function isInstanceProfile(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::\d{12}:instance-profile\//.test(arn);
}

/** Why the edges are no chain from one principal to another, or undefined when they are. */
export function chainProblem(edges: readonly DescentEdge[], to: string): string | undefined {
  if (withoutPath(edges.at(-1)?.childArn ?? '') !== withoutPath(to)) return 'the descent leads to another principal';
  const broken = edges.some((edge, index) => index > 0 && withoutPath(edges[index - 1]?.childArn ?? '') !== withoutPath(edge.parentArn));
  return broken ? 'the descent is no chain' : undefined;
}

/** Is the caller of a record whom the alert speaks of? `ownerOfKey` is who AWS says owns the alert's long-term key. */
export function isCallerOf(
  { hints, principalKind, account }: Pick<Alert, 'hints' | 'principalKind' | 'account'>,
  { userIdentity }: CloudTrailRecord,
  ownerOfKey: string | undefined,
): boolean {
  const { accessKeyId, principalId, userName } = hints;
  if (accessKeyId !== undefined && userIdentity.accessKeyId === accessKeyId) return true;
  if (principalId !== undefined && userIdentity.principalId === principalId) return true;
  if (principalKind === 'root') return userIdentity.type === 'Root' && userIdentity.accountId === account;
  // What follows goes by names, which every account may have.
  if (account !== undefined && userIdentity.accountId !== account) return false;
  const issuerArn = userIdentity.sessionContext?.sessionIssuer?.arn;
  const issuer = issuerArn === undefined ? undefined : nameOf(issuerArn);
  const name = userIdentity.type === 'FederatedUser' ? issuer : userIdentity.userName;
  if (name === undefined || (userIdentity.type !== 'IAMUser' && userIdentity.type !== 'FederatedUser')) return false;
  return accessKeyId?.startsWith('AKIA') === true ? name === ownerOfKey : name === userName;
}
