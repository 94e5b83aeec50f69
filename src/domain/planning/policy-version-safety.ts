import type { OwnPolicy } from './principal-snapshot.js';

/** Versions of a managed policy (IAM quotas): a sixth needs one deleted, which is a loss of evidence. */
const VERSION_QUOTA = 5;

/**
 * Why a policy must not get a deny-all default version (the form of S003's second containment command): a default version is in
 * force for every user, group and role the policy is attached to, and as everybody's boundary. Undefined when it is the
 * target's alone (aws-domain 0.1).
 */
export function denyVersionProblem({ arn, versions, others, boundaryOf }: OwnPolicy): string | undefined {
  if (arn.includes(':iam::aws:')) return `${arn} is AWS's own and cannot be changed`;
  if (others.length > 0) return `${arn} is attached to ${others.slice(0, 5).join(', ')} too: a denying default version would stop them all`;
  if (boundaryOf.length > 0) return `${arn} is the permissions boundary of ${boundaryOf.slice(0, 5).join(', ')}: it would stop them`;
  if (versions >= VERSION_QUOTA)
    return `${arn} has ${versions} of ${VERSION_QUOTA} versions: one would have to be deleted, and is evidence`;
  return undefined;
}
