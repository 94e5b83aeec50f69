import { z } from 'zod';
import { AccountId, Id, Instant, Jws, Severity } from './primitives.js';

/** `open` = an incident would start, `review` = a person decides, `ignore` = valid but no incident. */
export const Disposition = z.enum(['open', 'review', 'ignore']);
export type Disposition = z.infer<typeof Disposition>;

/** What kind of identity an alert says it is about. AWS decides; this is a hint. */
export const PrincipalKindHint = z.enum(['user', 'role', 'session', 'federatedUser', 'root', 'idcUser', 'account', 'unknown']);
export type PrincipalKindHint = z.infer<typeof PrincipalKindHint>;

/**
 * What one signal of `confidence.yaml` may look at. Made by the source's parser from the finding;
 * closed on purpose: nothing attacker-chosen travels here but `remoteIp`.
 */
export const AlertFacts = z.strictObject({
  /** AWS itself says that the key is public (Health RISK codes; aws-domain 1.2). */
  publicExposure: z.boolean(),
  attackSequence: z.boolean(),
  torOrMaliciousIp: z.boolean(),
  credentialExfiltration: z.boolean(),
  anomalousBehavior: z.boolean(),
  penTestTool: z.boolean(),
  /** A person reported it by hand. */
  reportedByPerson: z.boolean(),
  /** 0–10 as GuardDuty counts; other sources are mapped to it. */
  score: z.number().min(0).max(10),
  remoteIp: z.string().max(64).optional(),
});
export type AlertFacts = z.infer<typeof AlertFacts>;

/** The call that a CloudTrail alert is about: what rules and the principal's history are asked about at intake. */
export const ObservedCall = z.strictObject({
  eventName: z.string().regex(/^\w{1,128}$/),
  /** `iam` for `iam.amazonaws.com`. */
  service: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,100}$/),
  /** `userIdentity.type`. */
  caller: z.string().max(64),
  /** ARN of the role that is assumed. */
  assumes: z.string().max(2048).optional(),
  refused: z.boolean(),
  at: Instant,
});
export type ObservedCall = z.infer<typeof ObservedCall>;

/** What a CloudWatch alarm watched: the principals behind it are looked up in the log group of its metric filter. */
export const AlarmWindow = z.strictObject({
  name: z.string().min(1).max(256),
  metrics: z.array(z.strictObject({ namespace: z.string().min(1).max(256), name: z.string().min(1).max(256) })).max(10),
  fromAt: Instant,
  toAt: Instant,
});
export type AlarmWindow = z.infer<typeof AlarmWindow>;

/** One finding about one credential, in our own words. `receipt` is ingest's signature over the rest. */
export const Alert = z.strictObject({
  source: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  /** The source that made the finding, where another one passes it on: the same finding by two ways is no second witness. */
  origin: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,40}$/)
    .optional(),
  alertId: Id,
  type: z.string().min(1).max(256),
  severity: Severity,
  title: z.string().max(512),
  account: AccountId.optional(),
  region: z.string().max(32).optional(),
  principalKind: PrincipalKindHint,
  hints: z.strictObject({
    accessKeyId: z.string().optional(),
    userName: z.string().optional(),
    principalId: z.string().optional(),
    arn: z.string().optional(),
  }),
  facts: AlertFacts,
  call: ObservedCall.optional(),
  alarm: AlarmWindow.optional(),
  firstSeenAt: Instant,
  /** The last call it tells of, where the source says so. */
  lastSeenAt: Instant.optional(),
  /** When the source made the finding: the start of every clock and of MTTC. */
  detectedAt: Instant,
  receivedAt: Instant,
  sample: z.boolean(),
  disposition: Disposition,
  reason: z.string(),
  /** The only news are refused calls: never reopens anything (design 10). */
  deniedOnly: z.boolean(),
  bodySha256: z.string().length(64),
  receipt: Jws,
});
export type Alert = z.infer<typeof Alert>;

/** An alert before ingest has signed it. */
export type UnsignedAlert = Omit<Alert, 'receipt'>;

/** Answer of `expandAlarm`: one intake per principal in the log, or none and why. */
export const ExpandedAlarm = z.strictObject({
  intakes: z.array(z.strictObject({ workflowId: Id, alert: Alert, incidentId: Id })),
  note: z.string(),
});
export type ExpandedAlarm = z.infer<typeof ExpandedAlarm>;

/** Input of `alertIntake`. `incidentId` is minted by ingest and dropped when an incident was already open. */
export const IntakeInput = z.strictObject({ alert: Alert, incidentId: Id });
export type IntakeInput = z.infer<typeof IntakeInput>;

/** Result of `alertIntake`: the alert's outcome of record. `attached`: kept with an incident that is closed, and nothing was opened. */
export const IntakeResult = z.strictObject({
  /** `expanded`: the alert named no principal, each one found for it has an intake of its own. */
  outcome: z.enum(['opened', 'delivered', 'attached', 'ignored', 'rejected', 'expanded']),
  workflowId: z.string().optional(),
  incidentId: z.string().optional(),
  reason: z.string(),
});
export type IntakeResult = z.infer<typeof IntakeResult>;

/** What `openIncident` did with an alert. */
export const OpenIncidentResult = z.strictObject({
  workflowId: z.string(),
  incidentId: z.string(),
  opened: z.boolean(),
  /** Why it was only kept with a closed incident. */
  attached: z.string().optional(),
});
export type OpenIncidentResult = z.infer<typeof OpenIncidentResult>;
