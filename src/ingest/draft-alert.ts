import { isIP } from 'node:net';
import type { AlarmWindow, AlertFacts, Disposition, ObservedCall, PrincipalKindHint, UnsignedAlert } from '../contracts/alert.js';
import { severityFromScore } from '../domain/alerts/severity.js';
import { sha256Of } from '../domain/canonical-json.js';
import type { CheckedHints } from '../domain/alerts/grammar.js';

const MAX_TEXT = 2_048;

/** What becomes of an alert, and the sentence that says why. */
export interface Judgement {
  readonly disposition: Disposition;
  readonly reason: string;
}

/** An alert in the making: what every source has to say, the rest follows from it. */
export interface Draft {
  readonly source: string;
  readonly origin?: string | undefined;
  readonly alertId: string;
  readonly type: string;
  readonly title: string | undefined;
  /** 0–10 as GuardDuty counts. */
  readonly score: number;
  readonly checked: CheckedHints;
  readonly kind: PrincipalKindHint;
  readonly remoteIp?: string | undefined;
  readonly facts?: Partial<AlertFacts>;
  readonly times: Pick<UnsignedAlert, 'firstSeenAt' | 'detectedAt'>;
  /** The last call it tells of. */
  readonly lastSeenAt?: string | undefined;
  readonly receivedAt: string;
  readonly sample?: boolean;
  readonly judgement: Judgement;
  readonly deniedOnly?: boolean;
  readonly call?: ObservedCall;
  readonly alarm?: AlarmWindow | undefined;
  /** What makes two deliveries the same. */
  readonly body: unknown;
}

/** Completes an alert. A grammar problem makes it a matter for a person, unless it is no incident anyway (design 10). */
export function draftAlert(draft: Draft): UnsignedAlert {
  const { checked, remoteIp, origin } = draft;
  const score = Math.min(10, Math.max(0, draft.score));
  return {
    source: draft.source,
    ...(origin === undefined || origin === draft.source ? {} : { origin }),
    alertId: draft.alertId.slice(0, MAX_TEXT),
    type: draft.type.slice(0, 256),
    severity: severityFromScore(score),
    title: (draft.title === undefined || draft.title === '' ? draft.type : draft.title).slice(0, 512),
    ...(checked.account === undefined ? {} : { account: checked.account }),
    ...(checked.region === undefined ? {} : { region: checked.region }),
    principalKind: draft.kind,
    hints: checked.hints,
    facts: { ...NO_FACTS, ...draft.facts, score, ...(remoteIp !== undefined && isIP(remoteIp) !== 0 ? { remoteIp } : {}) },
    ...(draft.call === undefined ? {} : { call: draft.call }),
    ...(draft.alarm === undefined ? {} : { alarm: draft.alarm }),
    ...draft.times,
    ...(draft.lastSeenAt === undefined ? {} : { lastSeenAt: draft.lastSeenAt }),
    receivedAt: draft.receivedAt,
    sample: draft.sample ?? false,
    ...settled(draft),
    deniedOnly: draft.deniedOnly ?? false,
    bodySha256: sha256Of(draft.body),
  };
}

function settled({ judgement, checked }: Draft): Judgement {
  if (judgement.disposition === 'ignore' || checked.problems.length === 0) return judgement;
  return { disposition: 'review', reason: checked.problems.join('; ') };
}

const NO_FACTS: Omit<AlertFacts, 'score'> = {
  publicExposure: false,
  attackSequence: false,
  torOrMaliciousIp: false,
  credentialExfiltration: false,
  anomalousBehavior: false,
  penTestTool: false,
  reportedByPerson: false,
};

/** What a finding of GuardDuty says by its type, also where another service passes it on. */
export function guardDutyFacts(type: string): Partial<AlertFacts> {
  return {
    attackSequence: type.startsWith('AttackSequence:'),
    torOrMaliciousIp: /(TorIPCaller|MaliciousIPCaller)/.test(type),
    credentialExfiltration: /CredentialExfiltration/.test(type),
    anomalousBehavior: /AnomalousBehavior/.test(type),
    penTestTool: type.startsWith('PenTest:'),
  };
}

/** What kind of principal it is where the source does not say. */
export function kindFromHints({ hints }: CheckedHints): PrincipalKindHint {
  if (hints.accessKeyId?.startsWith('ASIA') === true) return 'session';
  if (hints.principalId?.startsWith('AROA') === true || hints.arn?.includes(':role/') === true) return 'role';
  return hints.userName === undefined && hints.accessKeyId === undefined ? 'unknown' : 'user';
}

/** The account in the ARN of something global, such as an IAM principal. */
export function accountInArn(arn: string | undefined): string | undefined {
  return /^arn:[\w-]+:\w+::(\d{12}):/.exec(arn ?? '')?.[1];
}

/** The name of a user or role in its ARN, without path. */
export function nameInArn(arn: string | undefined): string | undefined {
  return /^arn:[\w-]+:iam::\d{12}:(?:user|role)\//.test(arn ?? '') ? arn?.split('/').at(-1) : undefined;
}

/** Whether an alert names somebody who can be looked for. */
export function namesSomebody({ hints }: CheckedHints, kind: PrincipalKindHint): boolean {
  return kind === 'root' || Object.keys(hints).length > 0;
}

/** `open` when somebody is named in an account, else `review` with what is missing. */
export function openIfNamed(checked: CheckedHints, { kind, reason }: { kind: PrincipalKindHint; reason: string }): Judgement {
  if (!namesSomebody(checked, kind)) return { disposition: 'review', reason: 'the alert names no access key or principal' };
  if (checked.account === undefined) return { disposition: 'review', reason: 'the alert names no account' };
  return { disposition: 'open', reason };
}
