import { ConflictException, ResourceNotFoundException, type SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { permanent, transient } from '../../../src/contracts/failures.js';
import type { MeasureDeps } from './measure.js';
import { requestIdsOf } from './request-ids.js';

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

/**
 * A change of a permission set in an account: Identity Center works on one at a time (its API reference, ConflictException).
 *
 * @throws ConflictInFlight, transient: another one is under way, perhaps our own whose answer was lost.
 */
export async function inItsTurn<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    throw transient('ConflictInFlight', 'Identity Center is at work on this permission set in this account', { cause: error });
  }
}

/** A deletion that finds its work done, as by the repeat of a request whose answer was lost. Gives AWS's request ids. */
export async function unlessMissing(work: Promise<Parameters<typeof requestIdsOf>[0]>): Promise<string[]> {
  try {
    return requestIdsOf(await work);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}
