import type { PrincipalKindHint } from '../../contracts/alert.js';
import type { RawHints } from '../alerts/grammar.js';
import { valueAt } from '../json-value.js';

/** Who a record says called. */
export interface RecordedCaller {
  /** `userIdentity.type`, `Unknown` where there is none. */
  readonly type: string;
  readonly kind: PrincipalKindHint;
  readonly hints: RawHints;
}

const KINDS: Readonly<Record<string, PrincipalKindHint>> = {
  IAMUser: 'user',
  AssumedRole: 'session',
  Role: 'role',
  FederatedUser: 'federatedUser',
  Root: 'root',
  IdentityCenterUser: 'idcUser',
  AWSAccount: 'account',
};
/** What CloudTrail writes for a sign-in with a name that no user has: it may be a password. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** The caller of a CloudTrail record of any vintage, from its `userIdentity`; the values are not checked yet. */
export function recordedCaller(userIdentity: unknown): RecordedCaller {
  const at = (path: string): string | undefined => {
    const found = valueAt(userIdentity, path);
    return typeof found === 'string' && found !== '' && found !== HIDDEN ? found : undefined;
  };
  const type = at('type') ?? 'Unknown';
  const kind = Object.hasOwn(KINDS, type) ? (KINDS[type] ?? 'unknown') : 'unknown';
  const ofSession = kind === 'session' || kind === 'federatedUser';
  const userName = ofSession ? at('sessionContext.sessionIssuer.userName') : at('userName');
  return {
    type,
    kind,
    hints: {
      account: at('accountId') ?? at('sessionContext.sessionIssuer.accountId'),
      accessKeyId: at('accessKeyId'),
      // Root has no name of its own: where there is one it is the account's alias.
      userName: kind === 'root' ? undefined : userName,
      principalId: kind === 'idcUser' ? (at('onBehalfOf.userId') ?? at('principalId')) : at('principalId'),
      arn: ofSession ? (at('sessionContext.sessionIssuer.arn') ?? at('arn')) : at('arn'),
    },
  };
}
