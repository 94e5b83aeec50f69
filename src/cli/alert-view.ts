import type { UnsignedAlert } from '../contracts/alert.js';

/** An alert as `alert parse --json` prints it. Other tools rely on these fields; absent values are null. */
export function alertView(alert: UnsignedAlert): Record<string, unknown> {
  const { hints } = alert;
  return {
    source: alert.source,
    alertId: alert.alertId,
    type: alert.type,
    severity: alert.severity,
    account: alert.account ?? null,
    region: alert.region ?? null,
    accessKeyId: hints.accessKeyId ?? null,
    principalKind: alert.principalKind,
    principal: hints.userName ?? hints.arn ?? hints.principalId ?? null,
    sample: alert.sample,
    disposition: alert.disposition,
    reason: alert.reason,
    title: alert.title,
    principalId: hints.principalId ?? null,
    arn: hints.arn ?? null,
    firstSeenAt: alert.firstSeenAt,
    detectedAt: alert.detectedAt,
    deniedOnly: alert.deniedOnly,
    facts: alert.facts,
    bodySha256: alert.bodySha256,
  };
}
