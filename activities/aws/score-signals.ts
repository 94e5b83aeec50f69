import { type IAMClient, paginateListAttachedUserPolicies } from '@aws-sdk/client-iam';
import { parsePayload } from '../../src/contracts/failures.js';
import type { Confidence } from '../../src/contracts/policies.js';
import type { Principal } from '../../src/contracts/principal.js';
import { ScoreSignalsInput, type Verdict } from '../../src/contracts/verdict.js';
import { scoreAlerts } from '../../src/domain/confidence/score.js';
import type { AwsAccess } from './aws-access.js';
import type { RecentCallers } from './recent-callers.js';

/** AWS attaches its own limiter to exposed principals, in versions V1 to V4 so far: matched by prefix (aws-domain 1.2). */
const AWS_QUARANTINE = /:policy\/AWSCompromisedKeyQuarantine/;

export interface ScoreSignalsDeps {
  readonly access: Pick<AwsAccess, 'iam'>;
  readonly recentCallers: RecentCallers;
  readonly confidence: () => Promise<Confidence>;
  readonly now: () => string;
}

/**
 * Weighs the signals of an incident (design 5). What AWS would not tell gives no signal either way, so a
 * missing permission never makes an alert look benign. Needs `iam:ListAttachedUserPolicies` and
 * `cloudtrail:LookupEvents`, both optional.
 */
export function createScoreSignals(deps: ScoreSignalsDeps): (input: ScoreSignalsInput) => Promise<Verdict> {
  return async (raw) => {
    const { alerts, principal, ownerStatements } = parsePayload(ScoreSignalsInput, raw, 'signals');
    const confidence = await deps.confidence();
    const [awsQuarantined, recent] = principal
      ? await Promise.all([
          isQuarantinedByAws(deps.access.iam({ account: principal.account, role: 'Reader' }), principal),
          deps.recentCallers(principal),
        ])
      : [undefined, undefined];
    const callers = recent !== undefined && recent.notRead.length === 0 ? recent.callers : undefined;
    return scoreAlerts(
      { alerts, ownerStatements, ownerSubjects: principal?.ownerSubjects ?? [], callers, awsQuarantined, scoredAt: deps.now() },
      confidence,
    );
  };
}

async function isQuarantinedByAws(client: IAMClient, principal: Principal): Promise<boolean | undefined> {
  try {
    for await (const page of paginateListAttachedUserPolicies({ client }, { UserName: principal.name })) {
      if (page.AttachedPolicies?.some((policy) => AWS_QUARANTINE.test(policy.PolicyArn ?? ''))) return true;
    }
    return false;
  } catch {
    // Unreadable is not "no": the verdict then rests on the other signals.
    return undefined;
  }
}
