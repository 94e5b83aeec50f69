import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import type { SnapshotSubject } from './snapshot-reading.js';

/** A principal that has no IAM policies and keys of its own: its name and nothing else. */
export function emptySnapshot({ principal, readBy }: Pick<SnapshotSubject, 'principal' | 'readBy'>): PrincipalSnapshot {
  const { kind, account, arn, name, uniqueId } = principal;
  return {
    kind,
    account,
    arn,
    name,
    uniqueId,
    createdAt: new Date(0).toISOString(),
    tags: {},
    keys: [],
    inlinePolicies: [],
    attachedPolicyArns: [],
    groups: [],
    consolePassword: false,
    otherCredentials: [],
    quarantinePolicy: 'absent',
    denyGroup: 'absent',
    functions: [],
    instances: [],
    permissionSets: [],
    ownPolicies: [],
    readBy,
    readAt: new Date().toISOString(),
    notRead: [],
  };
}
