import type { Consent } from '../../contracts/authority.js';
import { readJwk, sign, verified } from './keys.js';

/** The API's own key pair: `api.private.json` and `api.public.json` in the key folder. */
export const API_KEY = 'api';
/** A type of its own: the API's signature never passes for the one of a local person. */
const API_CONSENT_TYPE = 'tourniquet-api-consent';

/**
 * Signs for a person whose identity provider vouched for them a moment ago. Whoever calls it has checked the access token.
 *
 * @throws PermissionDenied, permanent: there is no API key here.
 */
export function signForIssuer(keyDir: string, body: Consent): Promise<string> {
  return sign({ keyDir, name: API_KEY, typ: API_CONSENT_TYPE, body });
}

/** Whether the API signed this consent. Whose it is, and whether that person is known, is the caller's question. */
export async function verifiedForIssuer(keyDir: string, jws: string): Promise<boolean> {
  const key = await readJwk(keyDir, `${API_KEY}.public.json`);
  return key !== undefined && (await verified(jws, { key, typ: API_CONSENT_TYPE })) !== undefined;
}
