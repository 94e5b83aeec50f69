import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { permanent } from '../../../src/contracts/failures.js';
import type { MeasureDeps } from './measure.js';

/** Identity Center as the delegated account reaches it. */
export interface IdentityCenterAccess {
  readonly client: SSOAdminClient;
  readonly InstanceArn: string;
}

/** @throws PreconditionFailed, permanent: `organization.yaml` names no Identity Center */
export async function identityCenterOf({ access, organization }: MeasureDeps, incidentId: string): Promise<IdentityCenterAccess> {
  const config = await organization();
  if (config?.identityCenter === undefined) throw permanent('PreconditionFailed', 'organization.yaml names no Identity Center');
  const { instanceArn: InstanceArn, region } = config.identityCenter;
  return { InstanceArn, client: access.ssoAdmin({ account: config.hubAccount, role: 'Responder', incidentId }, region) };
}
