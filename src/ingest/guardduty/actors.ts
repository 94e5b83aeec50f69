import type { PrincipalKindHint } from '../../contracts/alert.js';
import type { RawHints } from '../../domain/alerts/grammar.js';
import { isObject, listAt, numberAt, textAt, type JsonObject } from '../json-reader.js';

/** One identity that a finding is about. */
export interface Actor {
  /** Distinguishes the alerts of one finding; empty for the first, so that its alert has the finding's own id. */
  readonly suffix: string;
  readonly kind: PrincipalKindHint;
  readonly hints: RawHints;
}

/** GuardDuty's `userType` and the actors' `user.type`. */
const KINDS: Record<string, PrincipalKindHint> = {
  IAMUser: 'user',
  Role: 'role',
  AssumedRole: 'session',
  FederatedUser: 'federatedUser',
  SAMLUser: 'federatedUser',
  WebIdentityUser: 'federatedUser',
  Directory: 'federatedUser',
  Root: 'root',
  IdentityCenterUser: 'idcUser',
  AWSAccount: 'account',
};

/** The caller of an ordinary finding. */
export function callerOf(finding: JsonObject): Actor {
  const at = (field: string): string | undefined => textAt(finding, `resource.accessKeyDetails.${field}`);
  const kind = kindOf(at('userType'));
  return {
    suffix: '',
    kind,
    hints: {
      accessKeyId: at('accessKeyId'),
      // Root has no name of its own: GuardDuty repeats the word or the account's alias.
      userName: kind === 'root' ? undefined : at('userName'),
      principalId: at('principalId'),
      arn: at('userIdentity.sessionContext.sessionIssuer.arn') ?? at('userIdentity.arn'),
    },
  };
}

/**
 * The actors of an attack sequence, the first one by (severity, id) leading: the incident is opened on it,
 * the others enter its scope (design 10).
 */
export function actorsOf(finding: JsonObject): Actor[] {
  const actors = listAt(finding, 'service.detection.sequence.actors').filter(isObject);
  const ranked = actors.toSorted((a, b) => severityOf(finding, b) - severityOf(finding, a) || compare(actorId(a), actorId(b)));
  return ranked.map((actor, index) => ({
    suffix: index === 0 ? '' : actorId(actor),
    kind: kindOf(textAt(actor, 'user.type')),
    hints: {
      account: textAt(actor, 'user.account.uid') ?? textAt(actor, 'user.account'),
      accessKeyId: textAt(actor, 'user.credentialUid') ?? textAt(actor, 'user.credential_uid'),
      userName: textAt(actor, 'user.name'),
      principalId: textAt(actor, 'user.uid'),
      arn: textAt(actor, 'session.issuer'),
    },
  }));
}

/** An actor is as severe as the worst signal that names it. */
function severityOf(finding: JsonObject, actor: JsonObject): number {
  const id = actorId(actor);
  const signals = listAt(finding, 'service.detection.sequence.signals').filter((signal) => listAt(signal, 'actorIds').includes(id));
  return Math.max(0, ...signals.map((signal) => numberAt(signal, 'severity') ?? 0));
}

function actorId(actor: JsonObject): string {
  return textAt(actor, 'id') ?? textAt(actor, 'user.uid') ?? textAt(actor, 'user.name') ?? '';
}

function kindOf(type: string | undefined): PrincipalKindHint {
  return type !== undefined && Object.hasOwn(KINDS, type) ? (KINDS[type] ?? 'unknown') : 'unknown';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
