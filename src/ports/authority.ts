import type { Alert, UnsignedAlert } from '../contracts/alert.js';
import type { CheckConsentResult, Consent } from '../contracts/authority.js';

/** Signs and checks the two things a write may rest on: ingest's receipts and people's consents (design 9). */
export interface Authority {
  /** Ingest's signature over an alert that an authenticated source sent. */
  signReceipt(alert: UnsignedAlert): Promise<Alert>;
  /** Whether the receipt is ours and covers every field of the alert. */
  verifyReceipt(alert: Alert): Promise<boolean>;
  /**
   * Signs with the subject's own key.
   *
   * @throws PermissionDenied, permanent: there is no key of that subject here.
   */
  signConsent(subject: string, body: Consent): Promise<string>;
  /** Checks signature, signer and grammar; whether it covers a task is the caller's question. */
  verifyConsent(jws: string): Promise<CheckConsentResult>;
}
