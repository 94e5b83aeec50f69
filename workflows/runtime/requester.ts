import { patched } from '@temporalio/workflow';

/**
 * Who asked for what two people must consent to: they are not one of the two (design 9). Consents that were asked for before the
 * rule came keep what was given.
 */
export function requesterOf(subject: string): { readonly requestedBy?: string } {
  return patched('requester-never-counts') ? { requestedBy: subject } : {};
}
