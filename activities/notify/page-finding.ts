import { z } from 'zod';
import { parsePayload, permanent } from '../../src/contracts/failures.js';
import type { NotifyResult } from '../../src/contracts/notify.js';
import type { Teams } from '../../src/contracts/playbook.js';
import { Instant } from '../../src/contracts/primitives.js';
import { ReconcileFinding } from '../../src/contracts/reconcile.js';
import { sha256Of } from '../../src/domain/canonical-json.js';
import { deliver, type DeliverDeps } from './deliver.js';

/** Input of `pageFinding`. The day of `at` is part of the message's id. */
export const PageFindingInput = z.strictObject({ finding: ReconcileFinding, at: Instant });
export type PageFindingInput = z.infer<typeof PageFindingInput>;

export interface PageFindingDeps extends Pick<DeliverDeps, 'notifiers'> {
  readonly teams: () => Promise<Teams>;
}

/**
 * Pages the first team of the ladder about something `reconcile` found. Idempotent by finding and day: rounds of the same
 * day that find it again page nobody twice.
 *
 * @throws TargetNotFound, permanent; UpstreamUnavailable, transient: see `deliver`.
 */
export function createPageFinding({ notifiers, teams }: PageFindingDeps): (input: PageFindingInput) => Promise<NotifyResult> {
  return async (raw) => {
    const { finding, at } = parsePayload(PageFindingInput, raw, 'finding');
    const { key, incidentId, title, lines } = finding;
    const policy = await teams();
    const team = policy.ladder.rungs[0]?.team;
    if (team === undefined) throw permanent('TargetNotFound', 'teams.yaml has no ladder');
    return deliver(
      { notifiers, teams: () => Promise.resolve(policy.teams) },
      {
        notificationId: `reconcile/${sha256Of(key).slice(0, 24)}/${at.slice(0, 10)}`,
        incidentId: incidentId === '' ? 'reconcile' : incidentId,
        team,
        kind: 'page',
        title,
        lines,
        at,
      },
    );
  };
}
