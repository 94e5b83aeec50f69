import { z } from 'zod';

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

/** Somebody who calls the range by itself. `address` and `userAgent` are what CloudTrail shows. */
const castMember = z.strictObject({ user: z.string(), address: z.ipv4(), userAgent: z.string(), everySeconds: z.number().positive() });

/** A scenario: the account before the incident, who acts in it, and how its time behaves. */
export const Scenario = z.strictObject({
  name: z.string(),
  account: z.strictObject({ id: z.string().regex(/^\d{12}$/), alias: z.string() }),
  propagationSeconds: seconds,
  cloudTrailDelaySeconds: seconds,
  policies: z.array(z.strictObject({ ...named, description: z.string().default(''), document, isQuarantine: z.boolean().default(false) })),
  groups: z.array(z.strictObject(holder)),
  users: z.array(user),
  roles: z.array(z.strictObject({ ...holder, trust: document, description: z.string().default('') })),
  identities: z.strictObject({
    responder: z.string(),
    restorer: z.string(),
    collector: z.string(),
    innocent: z.string(),
    leaked: z.string(),
    admin: z.string(),
  }),
  cast: z.strictObject({
    benign: castMember.extend({ role: z.string() }),
    innocent: castMember,
    opportunist: castMember.extend({
      startAfterSeconds: z.number(),
      pollSeconds: z.number().positive(),
      wantedRole: z.string(),
      wantedUser: z.string(),
      outside: z.strictObject({ accountId: z.string().regex(/^\d{12}$/), userName: z.string(), userId: z.string() }),
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
