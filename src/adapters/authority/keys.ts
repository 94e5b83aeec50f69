import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CompactSign, compactVerify, importJWK, type JWK } from 'jose';
import { permanent } from '../../contracts/failures.js';
import { canonicalJson } from '../../domain/canonical-json.js';

/** The only algorithm of this installation's own signatures. */
export const ALG = 'EdDSA';

/** Signs a body with `<name>.private.json` of the key folder. @throws PermissionDenied, permanent: there is no such key. */
export async function sign(input: { keyDir: string; name: string; typ: string; body: unknown }): Promise<string> {
  const jwk = await readJwk(input.keyDir, `${input.name}.private.json`);
  if (!jwk) throw permanent('PermissionDenied', `no signing key for ${input.name} in the key folder`);
  const bytes = new TextEncoder().encode(canonicalJson(input.body));
  return new CompactSign(bytes).setProtectedHeader({ alg: ALG, typ: input.typ }).sign(await importJWK(jwk, ALG));
}

/** The body of a signature that holds for this key and type; undefined for any other. */
export async function verified(jws: string, expected: { key: JWK; typ: string }): Promise<unknown> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(expected.key, ALG), { algorithms: [ALG] });
    return protectedHeader.typ === expected.typ ? JSON.parse(new TextDecoder().decode(payload)) : undefined;
  } catch {
    // jose throws for every way a signature can be wrong; all of them mean the same to us.
    return undefined;
  }
}

/** A key of the folder; undefined when it is not there or cannot be read. */
export async function readJwk(keyDir: string, file: string): Promise<JWK | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(keyDir, file), 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Subjects come from messages: only a plain name may become a file name. */
export function plain(name: string): string {
  if (/^[A-Za-z0-9][\w.@-]{0,100}$/.test(name) && !name.includes('..')) return name;
  throw permanent('InvalidPayload', 'subject: expected letters, digits and . _ @ -');
}
