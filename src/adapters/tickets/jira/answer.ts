import { z } from 'zod';

/** What one request to Jira came to. Passed through `jira-client` as its reply, so nothing of it is lost on the way. */
export const JiraAnswer = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    status: z.number().int(),
    /** Milliseconds, where Jira says how long to stay away. */
    retryAfterMs: z.number().nonnegative().optional(),
    /** `empty`: no body; `json`: in `body`; `other`: HTML or cut off, never shown. */
    content: z.enum(['empty', 'json', 'other']),
    body: z.unknown().optional(),
  }),
  /** No answer: it may or may not have taken effect. */
  z.object({ outcome: z.literal('none'), why: z.enum(['time-out', 'connection']) }),
]);
export type JiraAnswer = z.infer<typeof JiraAnswer>;

/** `ErrorCollection` of the OpenAPI document. */
export const ErrorCollection = z.object({
  errorMessages: z.array(z.string()).default([]),
  errors: z.record(z.string(), z.string()).default({}),
});
