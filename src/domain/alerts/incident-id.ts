import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that it can be read out on the phone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_CHARACTERS = 8;

/** `INC-<yyyymmdd>-<8 base32>`; 40 random bits make two on one day practically impossible. */
export function mintIncidentId(now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  const random = [...randomBytes(RANDOM_CHARACTERS)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  return `INC-${day}-${random}`;
}
