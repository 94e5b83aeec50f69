import { flagAt, numberAt, proseAt, textAt, valueAt, type JsonObject } from '../json-reader.js';

/** GuardDuty's own fields have stood under both prefixes (Security Hub user guide, "GuardDuty findings in ASFF"). */
const PREFIXES = ['aws/guardduty/service/', 'aws/guardduty/', ''];
const LABELS: Readonly<Record<string, number>> = { INFORMATIONAL: 0, LOW: 3, MEDIUM: 5, HIGH: 8, CRITICAL: 9.5 };

/** Whether GuardDuty made the finding that Security Hub passes on. */
export function isGuardDuty(finding: JsonObject): boolean {
  return textAt(finding, 'ProductArn')?.endsWith(':product/aws/guardduty') ?? false;
}

/** `TTPs/UnauthorizedAccess:IAMUser-TorIPCaller` → `UnauthorizedAccess:IAMUser/TorIPCaller`. */
export function guardDutyType(told: string): string | undefined {
  const own = told.split('/').at(-1) ?? '';
  return /^\w+:\w+-/.test(own) ? own.replace('-', '/') : undefined;
}

/** A field that GuardDuty wrote, by its path with slashes. */
function productField(finding: JsonObject, path: string): unknown {
  const fields = valueAt(finding, 'ProductFields');
  const found = PREFIXES.map((prefix) => fieldOf(fields, `${prefix}${path}`));
  return found.find((value) => value !== undefined && value !== '');
}

/** Names of product fields hold dots, so no path reaches them. */
function fieldOf(fields: unknown, name: string): unknown {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return undefined;
  const found: unknown = Reflect.get(fields, name);
  return found;
}

/** Address of the caller. */
export function remoteIpOf(finding: JsonObject): string | undefined {
  const details = 'action/awsApiCallAction/remoteIpDetails/ipAddress';
  const value = productField(finding, `${details}V4`) ?? productField(finding, `${details}V6`);
  return textAt({ value }, 'value') ?? textAt(finding, 'Network.SourceIpV4') ?? textAt(finding, 'Network.SourceIpV6');
}

/** Set when the call was refused. */
export function errorCodeOf(finding: JsonObject): string | undefined {
  return textAt({ value: productField(finding, 'action/awsApiCallAction/errorCode') }, 'value');
}

/** `[SAMPLE]` titles and GuardDuty's own mark. */
export function isSample(finding: JsonObject): boolean {
  if (proseAt(finding, 'Title', 512)?.startsWith('[SAMPLE]') === true || valueAt(finding, 'Sample') === true) return true;
  return flagAt({ value: productField(finding, 'additionalInfo/sample') }, 'value');
}

/** 0–10; the provider's own label first, `Normalized` (0–100) is retired. */
export function asffScore(finding: JsonObject): number | undefined {
  const normalized = numberAt(finding, 'Severity.Normalized');
  if (normalized !== undefined) return normalized / 10;
  const label = textAt(finding, 'Severity.Label') ?? textAt(finding, 'FindingProviderFields.Severity.Label');
  const score = label !== undefined && Object.hasOwn(LABELS, label) ? LABELS[label] : undefined;
  return score ?? numberAt(finding, 'Severity.Product');
}
