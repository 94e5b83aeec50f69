import { z } from 'zod';

/**
 * What a caller of the API may do. `sender` hands in alerts, `responder` works on incidents, `approver` signs as well,
 * `manager` only reads, `admin` may do all that the rest may.
 */
export const Role = z.enum(['sender', 'responder', 'approver', 'manager', 'admin']);
export type Role = z.infer<typeof Role>;

/** Name of an alert source in an address: `/v1/alerts/<name>`. */
export const SourceName = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'expected lower-case letters, digits and dashes');

const named = {
  name: SourceName,
  /** Kinds of alert this sender may hand in (files of `src/ingest/sources`): a leaked secret forges no other. */
  accepts: z.array(SourceName.refine((kind) => kind !== 'manual', 'reports by hand come through POST /v1/incidents')).min(1),
};

const SourceCaller = z.discriminatedUnion('auth', [
  z.strictObject({
    ...named,
    auth: z.literal('hmac'),
    /** Variable that holds the shared secret, at least 32 bytes. */
    secretEnv: z
      .string()
      .regex(/^TOURNIQUET_SECRET_[A-Z0-9_]{1,60}$/, 'expected TOURNIQUET_SECRET_…')
      .optional(),
    /** File that holds it, as an absolute path. */
    secretFile: z.string().startsWith('/', 'expected an absolute path').optional(),
  }),
  /** A token of role sender whose subject is the source's name: `tourniquet token create <name> --role sender`. */
  z.strictObject({ ...named, auth: z.literal('bearer') }),
  z.strictObject({
    ...named,
    auth: z.literal('sns'),
    topicArns: z.array(z.string().regex(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]{1,256}$/, 'expected the ARN of an SNS topic')).min(1),
  }),
]);
export type SourceCaller = z.infer<typeof SourceCaller>;

const HttpsUrl = z
  .string()
  .regex(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:|\/|$))\S+$/, 'expected an https URL')
  .refine((url) => URL.canParse(url), 'expected a URL');

/** The identity provider whose access tokens people bring. */
export const OidcConfig = z.strictObject({
  issuer: HttpsUrl,
  audience: z.string().min(1),
  jwksUri: HttpsUrl,
  /** Claim that is the `subject` of people.yaml; never one that its holder may change. */
  subjectClaim: z.enum(['sub', 'oid']).default('sub'),
  groupsClaim: z.string().min(1).max(200).default('groups'),
  clockToleranceSeconds: z.number().int().min(0).max(120).default(30),
  groups: z
    .array(
      z.strictObject({
        group: z.string().min(1),
        roles: z.array(Role.exclude(['sender'])).min(1),
        teams: z.array(z.string().min(1)).default([]),
      }),
    )
    .min(1),
});
export type OidcConfig = z.infer<typeof OidcConfig>;

/** `callers.yaml`: who may call the API. It holds no secret. */
export const Callers = z
  .strictObject({ version: z.string(), sources: z.array(SourceCaller).default([]), oidc: OidcConfig.optional() })
  .superRefine(({ sources }, context) => {
    const seen = new Set<string>();
    sources.forEach((source, index) => {
      if (seen.has(source.name)) context.addIssue({ code: 'custom', path: ['sources', index, 'name'], message: 'is there twice' });
      seen.add(source.name);
      if (source.auth === 'hmac' && (source.secretEnv === undefined) === (source.secretFile === undefined))
        context.addIssue({ code: 'custom', path: ['sources', index], message: 'expected secretEnv or secretFile' });
    });
  });
export type Callers = z.infer<typeof Callers>;
