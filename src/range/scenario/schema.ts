import { z } from 'zod';
import { OtherResponderPlan, TheftTargets, WorkloadPlans } from '../actors/scenario.js';
import { Compute } from '../ec2/scenario.js';
import { FunctionPlans } from '../lambda/scenario.js';
import { IdentityCenterPlan } from '../sso-admin/scenario.js';
import { accountId, OrganizationPlan, TemplateUse } from './organization-schema.js';

const seconds = z.strictObject({ min: z.number().min(0), max: z.number().min(0) });
/** A policy document, written as YAML; it is checked by the policy parser when the account is built. */
const document = z.record(z.string(), z.unknown());
const named = { name: z.string(), path: z.string().startsWith('/').endsWith('/').default('/'), ageDays: z.number().default(400) };
const holder = { ...named, inline: z.record(z.string(), document).default({}), attached: z.array(z.string()).default([]) };

const accessKey = z.strictObject({ status: z.enum(['Active', 'Inactive']), ageDays: z.number().default(90) });

const user = z.strictObject({
  ...holder,
  tags: z.record(z.string(), z.string()).default({}),
  groups: z.array(z.string()).default([]),
  keys: z.array(accessKey).max(2).default([]),
  hasPassword: z.boolean().default(false),
});

const policy = z.strictObject({ ...named, description: z.string().default(''), document, isQuarantine: z.boolean().default(false) });

const role = z.strictObject({
  ...holder,
  trust: document,
  description: z.string().default(''),
  maxSessionSeconds: z.number().default(3600),
  /** ARN of the permissions boundary. */
  boundary: z.string().optional(),
});

const rootUser = z.strictObject({
  hasKey: z.boolean().default(false),
  hasPassword: z.boolean().default(true),
  hasMfa: z.boolean().default(false),
  ageDays: z.number().default(700),
});

/** What is in an account. */
const contents = {
  policies: z.array(policy).default([]),
  groups: z.array(z.strictObject(holder)).default([]),
  users: z.array(user).default([]),
  roles: z.array(role).default([]),
  /** Absent: root has no credentials that IAM shows, as in a member account under centralized root access. */
  rootUser: rootUser.optional(),
  compute: Compute.optional(),
  functions: FunctionPlans,
};

/** What is in an account, as the builder takes it. */
export type AccountContents = z.output<z.ZodObject<typeof contents>>;

/** Somebody who calls the range by itself. `address` and `userAgent` are what CloudTrail shows. */
const castMember = z.strictObject({ user: z.string(), address: z.ipv4(), userAgent: z.string(), everySeconds: z.number().positive() });

/** A scenario: the account under attack before the incident, who acts in it, and how its time behaves. */
export const Scenario = z.strictObject({
  name: z.string(),
  account: z.strictObject({ id: accountId, alias: z.string() }),
  propagationSeconds: seconds,
  cloudTrailDelaySeconds: seconds,
  ...contents,
  organization: OrganizationPlan.optional(),
  /** The organization's Identity Center. */
  identityCenter: IdentityCenterPlan.optional(),
  /** The other accounts of the organization. */
  accounts: z.array(z.strictObject({ id: accountId, alias: z.string(), ...contents })).default([]),
  /** CloudFormation templates of `src/deploy/aws` whose IAM resources are added to accounts. */
  templates: z.array(TemplateUse).default([]),
  identities: z.strictObject({
    responder: z.string(),
    restorer: z.string(),
    collector: z.string(),
    innocent: z.string(),
    leaked: z.string(),
    admin: z.string(),
    /** A user of the organization's delegated account. */
    orchestrator: z.string().optional(),
  }),
  cast: z.strictObject({
    benign: castMember.extend({ role: z.string() }),
    innocent: castMember,
    workloads: WorkloadPlans,
    otherResponder: OtherResponderPlan.optional(),
    /** Whom an attacker may rob in place of the leaked user. */
    targets: TheftTargets.optional(),
    /** Every kind of attacker works from here, but for the insider. */
    opportunist: castMember.extend({
      startAfterSeconds: z.number(),
      pollSeconds: z.number().positive(),
      wantedRole: z.string(),
      wantedUser: z.string(),
      outside: z.strictObject({ accountId, userName: z.string(), userId: z.string() }),
      attackerMakes: z.boolean(),
      makes: z.strictObject({
        user: z.string(),
        role: z.string(),
        policy: z.string(),
        imageId: z.string(),
        instanceType: z.string(),
      }),
    }),
  }),
  history: z.strictObject({ hours: z.number(), everyMinutes: z.number().positive() }),
  /** The CloudWatch log group of the benign workload. */
  workloadLog: z.string(),
  alerts: z.strictObject({ afterSeconds: seconds, repeatAfterSeconds: seconds, region: z.string() }),
});

/** A parsed scenario. */
export type Scenario = z.output<typeof Scenario>;
