/** Fields that CloudTrail leaves out or hides. Session tokens stay in clear, as in real records (aws-domain 5.1). */
const NEVER_RECORDED = new Set([
  'SecretAccessKey',
  'SecretString',
  'SecretBinary',
  'Body',
  'AuthenticationCode1',
  'AuthenticationCode2',
  'Base32StringSeed',
  'QRCodePNG',
  'ServicePassword',
  'ServiceCredentialSecret',
]);
const HIDDEN = new Set(['Password', 'TokenCode']);

/** Event times are whole seconds: `2026-11-22T10:15:30Z`. */
export function wholeSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Rewrites SDK input or output to CloudTrail's form: first letter lower case, dates as text, secrets gone. Null when nothing is left. */
export function cloudTrailParameters(value: object): Record<string, unknown> | null {
  const converted = convertObject(value);
  return Object.keys(converted).length === 0 ? null : converted;
}

function convertObject(value: object): Record<string, unknown> {
  const entries = Object.entries(value).filter(([name, member]) => member !== undefined && !NEVER_RECORDED.has(name));
  return Object.fromEntries(
    entries.map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      HIDDEN.has(name) ? 'HIDDEN_DUE_TO_SECURITY_REASONS' : convert(member),
    ]),
  );
}

function convert(value: unknown): unknown {
  if (value instanceof Date) return cloudTrailDate(value);
  if (Array.isArray(value)) return value.map(convert);
  return typeof value === 'object' && value !== null ? convertObject(value) : value;
}

const DAY = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', second: '2-digit', hour12: true, timeZone: 'UTC' });

/** Dates inside parameters read `Nov 30, 2024, 8:43:17 PM` (Stratus Red Team's GetFederationToken record). */
function cloudTrailDate(date: Date): string {
  return `${DAY.format(date)}, ${TIME.format(date).replace('\u202f', ' ')}`;
}
