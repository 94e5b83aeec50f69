/** What stands in a working copy where a secret was. */
export const REDACTED = '[redacted]';

/**
 * Names whose values are secret, compared without case, spaces, dashes and underscores, at the end of a name:
 * `aws_secret_access_key`, `X-Amz-Security-Token`, `MasterUserPassword`. `passwordEnabled` and `nextToken` are none.
 */
const SECRET_NAME =
  /(secretaccesskey|secretkey|sessiontoken|securitytoken|accesstoken|refreshtoken|idtoken|authtoken|bearertoken|authorization|password|passwd|passphrase|secretstring|secretbinary|clientsecret|privatekey|apikey|apikeyvalue|tokencode|authenticationcode[12]?|amzsignature|userdata)$/;

/** The same names in running text, before `=` or `:` with or without quotes that may be escaped. */
const NAMED_IN_TEXT =
  /((?:secret[_ -]?access[_ -]?key|secret[_ -]?key|session[_ -]?token|security[_ -]?token|access[_ -]?token|refresh[_ -]?token|auth[_ -]?token|password|passwd|passphrase|secret[_ -]?string|client[_ -]?secret|private[_ -]?key|api[_ -]?key|x-amz-signature)(?:\\*["'])?\s*(?:[:=]|%3D)\s*)(?:(\\*["'])(.*?)(?:\2|(?=[\r\n]|$))|([^\s"'\\,;&]+))/gi;

/** `Authorization: Bearer …`: the scheme is no secret, what follows is, to the end of the line or quote. */
const AUTHORIZATION = /(authorization(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)[^"'\\\r\n]+/gi;
const SCHEMES = /\b(Bearer|Basic)\s+[A-Za-z0-9+/=_~.-]{8,}/g;
const SIGV4 = /(AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256)\s+Credential=[^\s,]+,\s*SignedHeaders=[^\s,]+,\s*Signature=)[0-9a-f]+/gi;

/** How STS tokens begin, today's and older ones, also percent-encoded. */
const STS_TOKEN = /(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|AQoDYXdz|AQoEXAMPLE)(?:[A-Za-z0-9+/=_-]|%2[BF]|%3D)*/gi;
/** Bounded, because hostile text with many beginnings would take quadratic time. */
const JWT = /\beyJ[\w-]{8,4096}\.[\w-]{8,4096}\.[\w-]*/g;
const PEM_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** A secret access key is 40 characters of this alphabet. */
const SECRET_KEY = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;
/** Longer runs are tokens, signatures or encoded data. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{100,}/g;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replaceAll(/[\s_-]/g, ''));
}

/** Replaces what looks like a secret in plain text. */
export function redactString(text: string): string {
  if (text.length < 8) return text;
  return text
    .replaceAll(PEM_KEY, REDACTED)
    .replaceAll(SIGV4, `$1${REDACTED}`)
    .replaceAll(AUTHORIZATION, (whole: string, head: string) => (isSigV4(whole) ? whole : `${head}${REDACTED}`))
    .replaceAll(SCHEMES, `$1 ${REDACTED}`)
    .replaceAll(NAMED_IN_TEXT, (_whole, head: string, quote: string | undefined) => `${head}${quote ?? ''}${REDACTED}${quote ?? ''}`)
    .replaceAll(STS_TOKEN, REDACTED)
    .replaceAll(JWT, REDACTED)
    .replaceAll(SECRET_KEY, (run) => (isMixed(run) ? REDACTED : run))
    .replaceAll(LONG_RUN, (run) => (isMixed(run) ? REDACTED : run));
}

/** Its signature is out by then; the rest of the header tells who signed what. */
function isSigV4(header: string): boolean {
  return header.includes(`Signature=${REDACTED}`);
}

/** Random base64 has both cases and a digit or sign; hashes in hex, names and words do not. */
function isMixed(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9+/]/.test(run);
}
