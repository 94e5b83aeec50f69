import { CheckConsentInput, type CheckConsentResult } from '../../src/contracts/authority.js';
import { parsePayload } from '../../src/contracts/failures.js';
import type { People, Rails } from '../../src/contracts/policies.js';
import { consentProblem } from '../../src/domain/planning/consents.js';
import type { Authority } from '../../src/ports/authority.js';

export interface CheckConsentDeps {
  readonly authority: Authority;
  readonly people: () => Promise<People>;
  readonly rails: () => Promise<Rails>;
  readonly now: () => string;
}

/** Does this signed record, sent by this subject, count for what is wanted? The writer checks it again. */
export function createCheckConsent(deps: CheckConsentDeps): (input: CheckConsentInput) => Promise<CheckConsentResult> {
  return async (raw) => {
    const { record, subject, wanted } = parsePayload(CheckConsentInput, raw, 'consent');
    const [checked, { people }, rails] = await Promise.all([deps.authority.verifyConsent(record), deps.people(), deps.rails()]);
    if (!checked.valid) return checked;
    if (checked.consent.subject !== subject)
      return { valid: false, reason: `it is signed by ${checked.consent.subject}, sent by ${subject}` };
    const problem = consentProblem(checked.consent, { wanted, people, rails, nowMs: Date.parse(deps.now()) });
    return problem === undefined ? checked : { valid: false, reason: problem };
  };
}
