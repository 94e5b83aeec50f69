import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { UnsignedAlert } from '../../contracts/alert.js';
import { describeIssues } from '../../contracts/failures.js';
import { Instant, Severity } from '../../contracts/primitives.js';
import { checkHints } from '../../domain/alerts/grammar.js';
import { accountInArn, draftAlert } from '../draft-alert.js';
import { proseAt, RejectedMessageError, textAt } from '../json-reader.js';
import { timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

/** Value of `source` in a message of this kind. */
export const MANUAL_SOURCE = 'tourniquet.manual';

const Text = z.string().min(1).max(2_048);

/** What a person reports. At least a key, a user or an ARN should be named; without one the alert is for review. */
export const ManualReport = z.strictObject({
  source: z.literal(MANUAL_SOURCE),
  id: Text.default(() => randomUUID()),
  title: z.string().min(3).max(512),
  severity: Severity.default('HIGH'),
  reportedBy: Text,
  account: Text.optional(),
  region: Text.optional(),
  accessKeyId: Text.optional(),
  userName: Text.optional(),
  arn: Text.optional(),
  /** When the trouble began, as far as the person knows. */
  seenAt: Instant.optional(),
});
export type ManualReport = z.input<typeof ManualReport>;

/** On GuardDuty's scale. */
const SCORES = { LOW: 2, MEDIUM: 5, HIGH: 8, CRITICAL: 9 } as const;

/** An incident opened by a person. */
export const manual: AlertSource = {
  id: 'manual',
  recognises: (body) => body['source'] === MANUAL_SOURCE,
  parse: (body, receivedAt, { sources }) => {
    const parsed = ManualReport.safeParse(body);
    if (!parsed.success) throw new RejectedMessageError(`a manual report that cannot be read: ${describeIssues(parsed.error)}`);
    return [alertOf(parsed.data, receivedAt, sources?.partition)];
  },
};

function alertOf(report: z.output<typeof ManualReport>, receivedAt: string, partition: string | undefined): UnsignedAlert {
  for (const field of ['id', 'reportedBy', 'account', 'accessKeyId', 'userName', 'arn']) textAt(report, field);
  const arnName = /:user\/(?:.*\/)?([^/]+)$/.exec(report.arn ?? '')?.[1];
  const checked = checkHints(
    {
      ...report,
      account: report.account ?? accountInArn(report.arn),
      userName: report.userName ?? arnName,
    },
    partition,
  );
  const named = Object.keys(checked.hints).length > 0;
  return draftAlert({
    source: 'manual',
    alertId: report.id,
    type: 'Manual:Report',
    title: proseAt(report, 'title', 512),
    score: SCORES[report.severity],
    checked,
    kind: checked.hints.accessKeyId?.startsWith('ASIA') === true ? 'session' : named ? 'user' : 'unknown',
    facts: { reportedByPerson: true },
    times: timesOf({ detected: [receivedAt], firstSeen: [report.seenAt], receivedAt }),
    receivedAt,
    judgement: named
      ? { disposition: 'open', reason: 'reported by hand' }
      : { disposition: 'review', reason: 'the report names no principal' },
    body: report,
  });
}
