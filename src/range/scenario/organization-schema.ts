import { z } from 'zod';

/** An account id. */
export const accountId = z.string().regex(/^\d{12}$/);

const document = z.record(z.string(), z.unknown());

/** A template with what it is given, and the accounts it is deployed in. */
export const TemplateUse = z.strictObject({
  /** File name in `src/deploy/aws` without its ending. */
  file: z.string().regex(/^[a-z-]+$/),
  accounts: z.array(accountId).min(1),
  parameters: z.record(z.string(), z.string()).default({}),
});

/** One use of a template. */
export type TemplateUse = z.output<typeof TemplateUse>;

/** A service control policy: written here, or taken from a template by its logical id. */
const scp = z
  .strictObject({
    id: z.string().regex(/^p-[a-z0-9]{8,128}$/),
    name: z.string().optional(),
    document: document.optional(),
    template: z.string().optional(),
    /** Ids of root, units and accounts. */
    targets: z.array(z.string()).default([]),
  })
  .refine(({ document: own, template }) => (own === undefined) !== (template === undefined), 'needs either a document or a template');

/** The organization around the account under attack. */
export const OrganizationPlan = z.strictObject({
  id: z.string().regex(/^o-[a-z0-9]{10,32}$/),
  root: z.string().regex(/^r-[0-9a-z]{4,32}$/),
  managementAccount: accountId,
  delegatedAccount: accountId,
  organizationalUnits: z.array(z.strictObject({ id: z.string().startsWith('ou-'), name: z.string(), accounts: z.array(accountId) })),
  policies: z.array(scp).default([]),
  /** Who besides the management account may call Organizations: a document, or the logical id of a template's resource. */
  resourcePolicy: z.union([document, z.string()]).optional(),
});

/** A parsed organization. */
export type OrganizationPlan = z.output<typeof OrganizationPlan>;
