import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CompactSign, compactVerify, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { Alert, type UnsignedAlert } from '../../contracts/alert.js';
import { type CheckConsentResult, Consent } from '../../contracts/authority.js';
import { permanent } from '../../contracts/failures.js';
import type { People } from '../../contracts/policies.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Authority } from '../../ports/authority.js';

const ALG = 'EdDSA';
const RECEIPT_TYPE = 'tourniquet-receipt';
const CONSENT_TYPE = 'tourniquet-consent';
const INGEST_KEY = 'ingest';

export interface LocalAuthorityDeps {
  /** Folder of `<name>.private.json` and `<name>.public.json` (JWK, Ed25519; private files are mode 600). */
  readonly keyDir: string;
  readonly people: () => Promise<People>;
}

/**
 * Signs and verifies with Ed25519 keys in a local folder: for one machine and for drills. A person's public
 * key comes from `people.yaml` when it is there, else from the key folder. Receipts and consents carry
 * different types, so neither passes for the other.
 */
export function createLocalAuthority({ keyDir, people }: LocalAuthorityDeps): Authority {
  const signReceipt = async (alert: UnsignedAlert): Promise<Alert> =>
    Alert.parse({ ...alert, receipt: await sign({ keyDir, name: INGEST_KEY, typ: RECEIPT_TYPE, body: alert }) });

  async function verifyReceipt({ receipt, ...alert }: Alert): Promise<boolean> {
    const key = await readJwk(keyDir, `${INGEST_KEY}.public.json`);
    const signed = key && (await verified(receipt, { key, typ: RECEIPT_TYPE }));
    return signed !== undefined && canonicalJson(signed) === canonicalJson(alert);
  }

  const signConsent = (subject: string, body: Consent): Promise<string> => sign({ keyDir, name: plain(subject), typ: CONSENT_TYPE, body });

  async function verifyConsent(jws: string): Promise<CheckConsentResult> {
    const claimed = Consent.safeParse(unverifiedBody(jws));
    if (!claimed.success) return { valid: false, reason: 'it is not a signed consent' };
    const { subject, issuer } = claimed.data;
    const person = (await people()).people.find((candidate) => candidate.subject === subject && candidate.issuer === issuer);
    if (!person) return { valid: false, reason: `${subject} of ${issuer} is not in people.yaml` };
    const key = person.publicJwk ?? (await readJwk(keyDir, `${plain(subject)}.public.json`));
    const body = key && (await verified(jws, { key, typ: CONSENT_TYPE }));
    if (body === undefined) return { valid: false, reason: `the signature is not ${subject}'s` };
    return { valid: true, consent: claimed.data };
  }

  return { signReceipt, verifyReceipt, signConsent, verifyConsent };
}

/** Makes the key pairs that are missing; existing ones stay. */
export async function ensureLocalKeys(keyDir: string, names: readonly string[]): Promise<void> {
  await mkdir(keyDir, { recursive: true, mode: 0o700 });
  for (const name of [INGEST_KEY, ...names].map(plain)) {
    if (await readJwk(keyDir, `${name}.private.json`)) continue;
    const pair = await generateKeyPair(ALG, { crv: 'Ed25519', extractable: true });
    await writeFile(join(keyDir, `${name}.public.json`), JSON.stringify(await exportJWK(pair.publicKey)));
    // The private half last: it marks the pair as complete.
    await writeFile(join(keyDir, `${name}.private.json`), JSON.stringify(await exportJWK(pair.privateKey)), { mode: 0o600 });
  }
}

async function sign(input: { keyDir: string; name: string; typ: string; body: unknown }): Promise<string> {
  const jwk = await readJwk(input.keyDir, `${input.name}.private.json`);
  if (!jwk) throw permanent('PermissionDenied', `no signing key for ${input.name} in the key folder`);
  const bytes = new TextEncoder().encode(canonicalJson(input.body));
  return new CompactSign(bytes).setProtectedHeader({ alg: ALG, typ: input.typ }).sign(await importJWK(jwk, ALG));
}

async function verified(jws: string, expected: { key: JWK; typ: string }): Promise<unknown> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(expected.key, ALG), { algorithms: [ALG] });
    return protectedHeader.typ === expected.typ ? JSON.parse(new TextDecoder().decode(payload)) : undefined;
  } catch {
    // jose throws for every way a signature can be wrong; all of them mean the same to us.
    return undefined;
  }
}

/** Read before the signature is checked, only to find whose key must fit. */
function unverifiedBody(jws: string): unknown {
  try {
    return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

async function readJwk(keyDir: string, file: string): Promise<JWK | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(keyDir, file), 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Subjects come from messages: only a plain name may become a file name. */
function plain(name: string): string {
  if (/^[A-Za-z0-9][\w.@-]{0,100}$/.test(name) && !name.includes('..')) return name;
  throw permanent('InvalidPayload', 'subject: expected letters, digits and . _ @ -');
}
