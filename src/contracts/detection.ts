import { z } from 'zod';
import { Disposition } from './alert.js';
import { Severity } from './primitives.js';

/** Who CloudTrail says called (CloudTrail user guide, "userIdentity element"). */
export const CallerType = z.enum([
  'Root',
  'IAMUser',
  'AssumedRole',
  'Role',
  'FederatedUser',
  'SAMLUser',
  'WebIdentityUser',
  'Directory',
  'IdentityCenterUser',
  'AWSAccount',
  'AWSService',
  'Unknown',
]);
export type CallerType = z.infer<typeof CallerType>;

const RuleName = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'expected lower-case letters, digits and dashes');
const Reason = z.string().min(3).max(300);
const EventPattern = z.string().regex(/^[a-z][a-z0-9-]*:(\*|[A-Za-z]\w*\*?)$/, 'expected service:EventName, with * at the end at most');

/** One row of `detection-rules.yaml`: which calls are suspicious. Every condition that is given must hold. */
export const DetectionRule = z
  .strictObject({
    id: RuleName,
    why: Reason,
    /** `iam:CreateUser`, `cloudtrail:Delete*`, `iam:*`; the service is the event source without `.amazonaws.com`. */
    events: z.array(EventPattern).min(1).optional(),
    /** Calls that are never meant, though `events` or `callers` would fit. */
    except: z.array(EventPattern).optional(),
    callers: z.array(CallerType).min(1).optional(),
    /** Globs over the ARN of the role that is assumed; case does not matter. */
    assumes: z.array(z.string().min(3).max(256)).min(1).optional(),
    result: z.enum(['any', 'success', 'refused']).default('any'),
    /** `open`: the call alone is enough. `ifUnusual`: only against the principal's own last hours. */
    act: z.enum(['open', 'ifUnusual']),
    /** 0–10 as GuardDuty counts. */
    score: z.number().min(0).max(10),
  })
  .refine((rule) => rule.events !== undefined || rule.callers !== undefined || rule.assumes !== undefined, {
    error: 'expected at least one of events, callers, assumes',
  });
export type DetectionRule = z.infer<typeof DetectionRule>;

/** What makes a call unusual for its principal. */
export const UnusualCall = z.strictObject({
  /** Signs are looked for in this time before the call; addresses are compared with what came earlier. */
  recentHours: z.number().int().min(1).max(48),
  /** How far back the principal's history is read. */
  historyHours: z.number().int().min(2).max(168),
  failedSignIns: z.number().int().min(1),
  /** Calls in the hour before that are unusual, and only at this multiple of the hours before. */
  callsPerHour: z.number().int().min(1),
  rateFactor: z.number().min(1),
  /** Regions of the business; empty: every region is one. */
  businessRegions: z.array(z.string().regex(/^[a-z]{2,3}(-[a-z]+){1,3}-\d{1,2}$/, 'expected a region such as eu-central-1')),
});
export type UnusualCall = z.infer<typeof UnusualCall>;

/** `detection-rules.yaml`. */
export const DetectionRules = z
  .strictObject({ version: z.string(), unusual: UnusualCall, rules: z.array(DetectionRule).min(1).max(100) })
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, { path: ['rules'], error: 'two rules have the same id' })
  .refine(({ unusual }) => unusual.historyHours > unusual.recentHours, {
    path: ['unusual', 'historyHours'],
    error: 'expected more than recentHours',
  });
export type DetectionRules = z.infer<typeof DetectionRules>;

/** `a.b[0].c`: members and list positions; `['a/b']` for a member with other characters. */
export const JsonPath = z
  .string()
  .max(256)
  .regex(/^([\w-]+|\['[^'\]]{1,100}'\])((\.[\w-]+)|(\[\d{1,3}\])|(\['[^'\]]{1,100}'\]))*$/, "expected a path such as a.b[0]['c/d']");

/** Sources of our own files: a mapping may not pass for one. */
const BUILT_IN = new Set([
  'guardduty',
  'security-hub',
  'security-hub-ocsf',
  'aws-health',
  'cloudtrail',
  'cloudwatch-alarm',
  'access-analyzer',
  'config',
  'alertmanager',
  'generic',
  'manual',
]);

/** How a product that has no file of its own writes its alerts. */
export const GenericMapping = z.strictObject({
  /** Becomes `Alert.source`. */
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,40}$/, 'expected lower-case letters, digits and dashes')
    .refine((id) => !BUILT_IN.has(id), 'expected another name than a built-in source'),
  /** A message is of this source when the text at `path` is `equals`. */
  match: z.strictObject({ path: JsonPath, equals: z.string().min(1).max(256) }),
  /** Path of a list with one alert per entry; the other paths then start at an entry. */
  items: JsonPath.optional(),
  fields: z.strictObject({
    id: JsonPath,
    type: JsonPath.optional(),
    title: JsonPath.optional(),
    severity: JsonPath.optional(),
    account: JsonPath.optional(),
    region: JsonPath.optional(),
    accessKeyId: JsonPath.optional(),
    userName: JsonPath.optional(),
    arn: JsonPath.optional(),
    principalId: JsonPath.optional(),
    remoteIp: JsonPath.optional(),
    time: JsonPath.optional(),
  }),
  /** What the product's words for severity mean; a number counts as GuardDuty's 0–10. */
  severities: z.record(z.string().max(64), Severity).default({}),
  /** Of an alert that names a principal; without one it is always for review. */
  disposition: Disposition.exclude(['ignore']).default('review'),
});
export type GenericMapping = z.infer<typeof GenericMapping>;

const Label = z.string().regex(/^[a-zA-Z_]\w{0,100}$/, 'expected a Prometheus label name');

/** Which labels of an Alertmanager alert name the principal. */
export const AlertmanagerMapping = z.strictObject({
  accessKeyId: Label.default('aws_access_key_id'),
  userName: Label.default('aws_user'),
  arn: Label.default('aws_principal_arn'),
  principalId: Label.default('aws_principal_id'),
  account: Label.default('aws_account'),
  region: Label.default('aws_region'),
  severity: Label.default('severity'),
  severities: z.record(z.string().max(64), Severity).default({
    critical: 'CRITICAL',
    page: 'HIGH',
    high: 'HIGH',
    error: 'HIGH',
    warning: 'MEDIUM',
    info: 'LOW',
    none: 'LOW',
  }),
});
export type AlertmanagerMapping = z.infer<typeof AlertmanagerMapping>;

/** `sources.yaml`: what parsing messages depends on. */
export const Sources = z
  .strictObject({
    version: z.string(),
    /** The partition of our accounts; an ARN of another one is not looked up. */
    partition: z.enum(['aws', 'aws-cn', 'aws-us-gov']),
    alertmanager: AlertmanagerMapping.prefault({}),
    generic: z.array(GenericMapping).max(50),
  })
  .refine(({ generic }) => new Set(generic.map(({ id }) => id)).size === generic.length, {
    path: ['generic'],
    error: 'two mappings have the same id',
  });
export type Sources = z.infer<typeof Sources>;

/** What parsing depends on besides the message. Without `rules` the calls of CloudTrail are judged at intake alone. */
export interface ParseSettings {
  readonly sources?: Sources | undefined;
  readonly rules?: DetectionRules | undefined;
  /** The message came in under the name of this mapping and must be of it. */
  readonly mapping?: string | undefined;
}
