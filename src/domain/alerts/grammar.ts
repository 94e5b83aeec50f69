import type { Alert } from '../../contracts/alert.js';

const ACCESS_KEY = /^(AKIA|ASIA)[A-Z0-9]{16}$/;
const ACCOUNT = /^\d{12}$/;
const NAME = /^[\w+=,.@-]{1,64}$/;
/** AIDA…, AROA…, ASIA…:name, an account id (root), `<account>:<name>` (federated users), or a user id of Identity Center. */
const PRINCIPAL_ID = /^(?:[A-Z0-9]{12,32}(?::[\w+=,.@-]{1,64})?|(?:[0-9a-f]{10}-)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$/;
/** Without `..` segments: no path of AWS's is meant to lead upwards. */
const ARN = /^arn:(aws|aws-cn|aws-us-gov):(iam|sts)::\d{12}:(?!.*(?:^|\/)\.\.(?:\/|$))[\w+=,.@/:-]{1,512}$/;
const REGION = /^[a-z]{2,3}(-[a-z]+){1,3}-\d{1,2}$/;
const SHOWN_CHARACTERS = 48;

/** What a source says about a principal, as it stands in the message. */
export interface RawHints {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly userName?: string | undefined;
  readonly principalId?: string | undefined;
  readonly arn?: string | undefined;
}

export interface CheckedHints {
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly hints: Alert['hints'];
  /** One reason per value that fails AWS's grammar; such a value is left out. */
  readonly problems: string[];
}

/**
 * Keeps the values that match AWS's own grammars. They are still only hints: AWS is asked about each.
 *
 * @param partition of our accounts. Account ids are used again in every partition: what comes with an ARN of another one is
 * about accounts that are not ours, so nothing of it is kept.
 */
export function checkHints(raw: RawHints, partition?: string): CheckedHints {
  const problems: string[] = [];
  const keep = (value: string | undefined, grammar: RegExp, what: string): string | undefined => {
    if (value === undefined || grammar.test(value)) return value;
    problems.push(`${what} ${shown(value)} is not one AWS could have issued`);
    return undefined;
  };
  const foreign = foreignPartition(raw.arn, partition);
  if (foreign !== undefined)
    return { account: undefined, region: undefined, hints: {}, problems: [`ARN of partition ${foreign}: expected ${partition}`] };
  const elsewhere = accountElsewhere(raw);
  if (elsewhere !== undefined)
    return {
      account: undefined,
      region: undefined,
      hints: {},
      problems: [`ARN of account ${elsewhere}: expected the alert's own account ${shown(raw.account ?? '')}`],
    };
  const accessKeyId = keep(raw.accessKeyId, ACCESS_KEY, 'access key id');
  const userName = keep(raw.userName, NAME, 'user name');
  const principalId = keep(raw.principalId, PRINCIPAL_ID, 'principal id');
  const arn = keep(raw.arn, ARN, 'ARN');
  return {
    account: keep(raw.account, ACCOUNT, 'account'),
    region: raw.region !== undefined && REGION.test(raw.region) ? raw.region : undefined,
    hints: {
      ...(accessKeyId === undefined ? {} : { accessKeyId }),
      ...(userName === undefined ? {} : { userName }),
      ...(principalId === undefined ? {} : { principalId }),
      ...(arn === undefined ? {} : { arn }),
    },
    problems,
  };
}

function foreignPartition(arn: string | undefined, partition: string | undefined): string | undefined {
  const [scheme, of] = arn?.split(':', 2) ?? [];
  const known = scheme === 'arn' && (of === 'aws' || of === 'aws-cn' || of === 'aws-us-gov') ? of : undefined;
  return partition === undefined || known === partition ? undefined : known;
}

/** The account of an ARN that is not the one the alert names: its name must not be looked up in the other. */
function accountElsewhere({ arn, account }: RawHints): string | undefined {
  const [, of] = /^arn:[\w-]+:(?:iam|sts)::(\d{12}):/.exec(arn ?? '') ?? [];
  return of === undefined || account === undefined || of === account ? undefined : of;
}

/** Whether a text is the ARN of a principal of IAM or STS by AWS's grammar. */
export function isPrincipalArn(text: string): boolean {
  return ARN.test(text);
}

/** Whether a text is an access key id by AWS's grammar. */
export function isAccessKeyId(text: string): boolean {
  return ACCESS_KEY.test(text);
}

/** A value of unknown origin for a one-line reason: quoted, ASCII only, cut. */
export function shown(value: string): string {
  const ascii = value.replace(/[^\x20-\x7e]/g, '?');
  return JSON.stringify(ascii.length > SHOWN_CHARACTERS ? `${ascii.slice(0, SHOWN_CHARACTERS)}…` : ascii);
}
