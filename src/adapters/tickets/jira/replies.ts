import { z } from 'zod';

/** Replies of Jira Cloud REST v3: only the fields we use. */

export const CreatedIssue = z.object({ id: z.string(), key: z.string() });

/** Our entity property `tourniquet` on an issue: says what the issue is to us, whoever renames or relabels it. */
export const OwnProperty = z.object({
  incidentId: z.string(),
  kind: z.enum(['ticket', 'subTask', 'duplicate']),
  taskId: z.string().optional(),
});
export type OwnProperty = z.infer<typeof OwnProperty>;

const Status = z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }) });

const Changelog = z.object({
  histories: z.array(
    z.object({
      author: z.object({ displayName: z.string() }).optional(),
      created: z.string(),
      items: z.array(z.object({ field: z.string() })),
    }),
  ),
});

/** An issue with what was asked for. */
export const Issue = z.object({
  id: z.string(),
  key: z.string(),
  fields: z
    .object({
      status: Status.optional(),
      subtasks: z.array(z.object({ id: z.string() })).optional(),
      attachment: z.array(z.object({ filename: z.string() })).optional(),
    })
    .optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  changelog: Changelog.optional(),
});
export type Issue = z.infer<typeof Issue>;

export const SearchPage = z.object({
  issues: z.array(Issue),
  isLast: z.boolean().optional(),
  nextPageToken: z.string().nullish(),
});

export const CommentPage = z.object({
  comments: z.array(z.object({ body: z.unknown().optional() })),
  total: z.number(),
});

export const Transition = z.object({
  id: z.string(),
  name: z.string(),
  to: z.object({ statusCategory: z.object({ key: z.string() }) }),
  fields: z
    .record(
      z.string(),
      z.object({
        required: z.boolean(),
        hasDefaultValue: z.boolean().default(false),
        allowedValues: z.array(z.unknown()).default([]),
      }),
    )
    .default({}),
});
export type Transition = z.infer<typeof Transition>;

export const Transitions = z.object({ transitions: z.array(Transition) });

export const IssueTypes = z.object({
  issueTypes: z.array(z.object({ id: z.string(), name: z.string(), subtask: z.boolean() })),
});

export const FieldPage = z.object({
  fields: z.array(z.object({ fieldId: z.string(), required: z.boolean(), hasDefaultValue: z.boolean().default(false) })),
});

export const Permissions = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) });

/** Where only success counts. */
export const Anything = z.unknown();
