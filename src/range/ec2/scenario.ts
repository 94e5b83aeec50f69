import { z } from 'zod';
import type { ServiceSessionDeps } from '../sts/service-session.js';
import { metadataCredentials } from './instance-credentials.js';
import { DEFAULT_TYPE } from './instance-types.js';
import type { AssociatedProfile, Instances } from './instances.js';

/** Security groups and running instances that a scenario begins with. An instance profile that is not there is made with its role. */
export const Compute = z.strictObject({
  securityGroups: z
    .array(z.strictObject({ id: z.string().regex(/^sg-[0-9a-f]{8,17}$/), name: z.string(), region: z.string().default('us-east-1') }))
    .default([]),
  instances: z
    .array(
      z.strictObject({
        /** Its tag `Name`. */
        name: z.string(),
        profile: z.strictObject({ name: z.string(), role: z.string() }).optional(),
        region: z.string().default('us-east-1'),
        imageId: z
          .string()
          .regex(/^ami-[0-9a-f]{8,17}$/)
          .default('ami-0abcdef1234567890'),
        type: z.string().default(DEFAULT_TYPE),
        httpTokens: z.enum(['optional', 'required']).default('optional'),
        ageDays: z.number().default(30),
      }),
    )
    .default([]),
});

/** What a scenario's `compute` says, parsed. */
export type Compute = z.output<typeof Compute>;

const DAY_MS = 24 * 3_600_000;

/**
 * Sets up a scenario's security groups and instances, each with credentials of its role.
 *
 * @throws Error for a role that the account does not have
 */
export function buildCompute(
  deps: ServiceSessionDeps & { readonly instances: Instances },
  { compute, now }: { compute: Compute; now: number },
): void {
  for (const group of compute.securityGroups) deps.instances.addGroup(group);
  for (const plan of compute.instances) {
    const [instance] = deps.instances.launch({
      count: 1,
      region: plan.region,
      imageId: plan.imageId,
      type: plan.type,
      launchedAt: Math.floor((now - plan.ageDays * DAY_MS) / 1000) * 1000,
      launchedBy: undefined,
      clientToken: undefined,
      profile: plan.profile === undefined ? undefined : profileFor(deps, plan.profile),
      metadata: { tokens: plan.httpTokens, hopLimit: 1, endpoint: 'enabled' },
      tags: new Map([['Name', plan.name]]),
    });
    if (instance !== undefined) metadataCredentials(deps, { instance, version: '2.0', at: now });
  }
}

function profileFor({ account }: ServiceSessionDeps, { name, role }: { name: string; role: string }): AssociatedProfile {
  if (account.roles.find(role) === undefined) throw new Error(`scenario: the instance profile ${name} has the unknown role ${role}`);
  const profile = account.instanceProfiles.find(name) ?? account.addInstanceProfile({ name });
  profile.role.set(role, account.propagation.creation('scenario'));
  return { arn: profile.arn, id: profile.id };
}
