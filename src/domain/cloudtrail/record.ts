import { z } from 'zod';

const Identity = z.looseObject({
  type: z.string().optional(),
  principalId: z.string().optional(),
  arn: z.string().optional(),
  accountId: z.string().optional(),
  accessKeyId: z.string().optional(),
  userName: z.string().optional(),
  sessionContext: z
    .looseObject({
      sessionIssuer: z.looseObject({ arn: z.string().optional() }).optional(),
      attributes: z.looseObject({ creationDate: z.string().optional() }).optional(),
    })
    .optional(),
});

/** The members of a CloudTrail record we use; others are ignored, as the format asks (aws-domain 5.1). */
export const CloudTrailRecord = z.looseObject({
  eventID: z.string(),
  eventTime: z.string(),
  eventName: z.string(),
  eventSource: z.string(),
  awsRegion: z.string().default('unknown'),
  sourceIPAddress: z.string().default('unknown'),
  userAgent: z.string().default('unknown'),
  errorCode: z.string().optional(),
  userIdentity: Identity.default({}),
  responseElements: z.looseObject({ credentials: z.looseObject({ accessKeyId: z.string().optional() }).optional() }).nullish(),
});
export type CloudTrailRecord = z.infer<typeof CloudTrailRecord>;

/** `undefined` where the text is no record: one odd record must not hide the others. */
export function parseRecord(text: string): CloudTrailRecord | undefined {
  try {
    const parsed = CloudTrailRecord.safeParse(JSON.parse(text));
    return parsed.success && !Number.isNaN(Date.parse(parsed.data.eventTime)) ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Refused for lack of permission: the good sign after a deny (aws-domain 2.4, V5). */
export function isDenied(record: CloudTrailRecord): boolean {
  const code = record.errorCode ?? '';
  return code === 'AccessDenied' || code === 'AccessDeniedException' || code.endsWith('UnauthorizedOperation');
}

/** Calls that succeed under an explicit deny and prove nothing either way (aws-domain 2.4). */
const ALWAYS_ALLOWED = new Set(['GetCallerIdentity', 'GetSessionToken']);

/** A call that AWS carried out although the principal should be stopped. */
export function isSuccess(record: CloudTrailRecord): boolean {
  return record.errorCode === undefined && !ALWAYS_ALLOWED.has(record.eventName);
}

/** Epoch ms of the record's (whole) second. */
export function eventMs(record: CloudTrailRecord): number {
  return Date.parse(record.eventTime);
}
