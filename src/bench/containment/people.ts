import type { Alert } from '../../contracts/alert.js';
import type { Authority as Allowed } from '../../contracts/authority.js';
import type { Plan } from '../../contracts/plan.js';
import type { Authority } from '../../ports/authority.js';

/** Two people of `people.yaml` who may approve. */
const APPROVERS = [
  { subject: 'lea', team: 'security-lead' },
  { subject: 'mara', team: 'incident-management' },
] as const;

/** Signatures of as many people as a plan can ask for, each with a key of its own. */
export async function signAll(
  authority: Authority,
  plan: Plan,
  { alerts, incidentId, nowMs }: { alerts: readonly Alert[]; incidentId: string; nowMs: number },
): Promise<Allowed> {
  const consents = await Promise.all(
    APPROVERS.map(({ subject, team }) =>
      authority.signConsent(subject, {
        incidentId,
        action: 'contain',
        principalUniqueId: plan.principal.uniqueId,
        planSha256: plan.planSha256,
        tier: plan.tier,
        subject,
        issuer: 'local',
        team,
        decision: 'approve',
        decidedAt: new Date(nowMs).toISOString(),
        expiresAt: new Date(nowMs + 3_600_000).toISOString(),
        nonce: `${subject}-${plan.planSha256.slice(0, 16)}`,
      }),
    ),
  );
  return { by: 'people', consents, alerts: [...alerts] };
}
