import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { Alert, type UnsignedAlert } from '../../contracts/alert.js';
import { type CheckConsentResult, Consent, LOCAL_ISSUER } from '../../contracts/authority.js';
import { permanent } from '../../contracts/failures.js';
import type { People } from '../../contracts/policies.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Authority } from '../../ports/authority.js';
import { ALG, plain, readJwk, sign, verified } from './keys.js';
import { API_KEY, signForIssuer, verifiedForIssuer } from './oidc.js';

const RECEIPT_TYPE = 'tourniquet-receipt';
const CONSENT_TYPE = 'tourniquet-consent';
const INGEST_KEY = 'ingest';
/** Keys of this installation: nobody's name. */
const RESERVED = new Set([INGEST_KEY, API_KEY]);

export interface LocalAuthorityDeps {
  /** Folder of `<name>.private.json` and `<name>.public.json` (JWK, Ed25519; private files are mode 600). */
  readonly keyDir: string;
  readonly people: () => Promise<People>;
}

/**
 * Signs and verifies with Ed25519 keys in a local folder: for one machine and for drills. A person's public
 * key comes from `people.yaml` when it is there, else from the key folder. Receipts and consents carry
 * different types, so neither passes for the other. For people of an identity provider the API signs, see `oidc.ts`.
 */
export function createLocalAuthority({ keyDir, people }: LocalAuthorityDeps): Authority {
  const signReceipt = async (alert: UnsignedAlert): Promise<Alert> =>
    Alert.parse({ ...alert, receipt: await sign({ keyDir, name: INGEST_KEY, typ: RECEIPT_TYPE, body: alert }) });

  async function verifyReceipt({ receipt, ...alert }: Alert): Promise<boolean> {
    const key = await readJwk(keyDir, `${INGEST_KEY}.public.json`);
    const signed = key && (await verified(receipt, { key, typ: RECEIPT_TYPE }));
    return signed !== undefined && canonicalJson(signed) === canonicalJson(alert);
  }

  const signConsent = async (subject: string, body: Consent): Promise<string> =>
    body.issuer === LOCAL_ISSUER ? sign({ keyDir, name: personal(subject), typ: CONSENT_TYPE, body }) : signForIssuer(keyDir, body);

  async function verifyConsent(jws: string): Promise<CheckConsentResult> {
    const claimed = Consent.safeParse(unverifiedBody(jws));
    if (!claimed.success) return { valid: false, reason: 'it is not a signed consent' };
    const { subject, issuer } = claimed.data;
    const person = (await people()).people.find((candidate) => candidate.subject === subject && candidate.issuer === issuer);
    if (!person) return { valid: false, reason: `${subject} of ${issuer} is not in people.yaml` };
    if (issuer !== LOCAL_ISSUER && person.publicJwk === undefined) {
      if (await verifiedForIssuer(keyDir, jws)) return { valid: true, consent: claimed.data };
      return { valid: false, reason: `the API has not signed it for ${subject}` };
    }
    const key = person.publicJwk ?? (await readJwk(keyDir, `${personal(subject)}.public.json`));
    const body = key && (await verified(jws, { key, typ: CONSENT_TYPE }));
    if (body === undefined) return { valid: false, reason: `the signature is not ${subject}'s` };
    return { valid: true, consent: claimed.data };
  }

  return { signReceipt, verifyReceipt, signConsent, verifyConsent };
}

/** Makes the key pairs that are missing, always those of this installation; existing ones stay. */
export async function ensureLocalKeys(keyDir: string, names: readonly string[]): Promise<void> {
  await mkdir(keyDir, { recursive: true, mode: 0o700 });
  for (const name of [INGEST_KEY, API_KEY, ...names].map(plain)) {
    if (await readJwk(keyDir, `${name}.private.json`)) continue;
    const pair = await generateKeyPair(ALG, { crv: 'Ed25519', extractable: true });
    await writeFile(join(keyDir, `${name}.public.json`), JSON.stringify(await exportJWK(pair.publicKey)));
    // The private half last: it marks the pair as complete.
    await writeFile(join(keyDir, `${name}.private.json`), JSON.stringify(await exportJWK(pair.privateKey)), { mode: 0o600 });
  }
}

/** The key name of a person: never one of this installation's. */
function personal(subject: string): string {
  if (RESERVED.has(subject)) throw permanent('PermissionDenied', `${subject} is the name of a key of this installation, not of a person`);
  return plain(subject);
}

/** Read before the signature is checked, only to find whose key must fit. */
function unverifiedBody(jws: string): unknown {
  try {
    return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
