import { AssumeRoleCommand, type AssumeRoleCommandInput, type STSClient } from '@aws-sdk/client-sts';
import { permanent } from '../../contracts/failures.js';
import type { AccessScope } from '../../ports/aws-access.js';
import type { AwsCredentialProvider, AwsCredentials } from './clients.js';
import type { Expiring } from './renew-expired.js';
import { sessionPolicyFor } from './session-policy.js';

/** The shortest session there is (STS API reference, AssumeRole, `DurationSeconds`). */
const SCOPE_SECONDS = 900;
/** The longest session of a chained role (IAM user guide, "Role chaining"). */
const ORCHESTRATOR_SECONDS = 3600;
/** A call that starts with credentials must also end with them. */
const RENEW_BEFORE_MS = 120_000;
/** The spokes let in `INC-*` and `TQ-*`; with the role's name it must fit into a session name of 64 characters. */
const SOURCE_IDENTITY = /^(?:INC|TQ)-[\w+=,.@-]{1,46}$/;
/** Who calls where there is no incident yet. */
const INTAKE = 'TQ-intake';

/** Credentials of one role, renewed when they end. */
export interface RoleSession extends Expiring {
  readonly credentials: AwsCredentialProvider;
}

/** What opens a session. */
export interface RoleSessionDeps {
  readonly sts: STSClient;
  readonly nowMs: () => number;
  /** Asked for when the session is opened, so that a wrong scope fails with its first call. */
  readonly request: () => AssumeRoleCommandInput;
}

/**
 * A session by `sts:AssumeRole`, opened by the first request, held until two minutes before its end and opened once however many
 * ask. Its credentials are nowhere but in the answer. Needs `sts:AssumeRole`, `sts:SetSourceIdentity` and `sts:TagSession`.
 *
 * @throws what STS throws, at the request that asked for the credentials.
 */
export function createRoleSession({ sts, nowMs, request }: RoleSessionDeps): RoleSession {
  let flight: Promise<Opened> | undefined;

  function open(): Promise<Opened> {
    if (flight !== undefined) return flight;
    const started = assume(sts, request);
    flight = started;
    started.catch(() => forget(started));
    return started;
  }

  function forget(done = flight): void {
    if (flight === done) flight = undefined;
  }

  async function credentials(): Promise<AwsCredentials> {
    const held = open();
    const opened = await held;
    if (nowMs() < opened.expiresAtMs - RENEW_BEFORE_MS) return opened.credentials;
    forget(held);
    return (await open()).credentials;
  }

  return { credentials: Object.assign(credentials, { memoized: true }), forget: () => forget() };
}

/** The request for the session of a scope, with the session policy that narrows it. @throws InvalidPayload, QuotaExceeded, permanent */
export function scopeRequest(
  scope: AccessScope,
  { partition, externalId }: { partition: string; externalId: string },
): AssumeRoleCommandInput {
  const SourceIdentity = scope.incidentId ?? INTAKE;
  if (!SOURCE_IDENTITY.test(SourceIdentity)) throw permanent('InvalidPayload', 'an incident id is INC-… or TQ-…, as the roles ask for');
  const Policy = sessionPolicyFor(scope);
  return {
    RoleArn: `arn:${partition}:iam::${scope.account}:role/ir/${scope.role}`,
    RoleSessionName: `ir-${SourceIdentity}-${scope.role}`,
    SourceIdentity,
    ExternalId: externalId,
    DurationSeconds: SCOPE_SECONDS,
    ...(Policy === undefined ? {} : { Policy }),
    ...(scope.boundary === undefined ? {} : { Tags: [{ Key: 'ir-boundary', Value: scope.boundary }] }),
  };
}

/** The request for the first hop. It states no source identity: that is set once in a chain, and the second hop sets it. */
export function orchestratorRequest(RoleArn: string): AssumeRoleCommandInput {
  return { RoleArn, RoleSessionName: 'ir-orchestrator', DurationSeconds: ORCHESTRATOR_SECONDS };
}

interface Opened {
  readonly credentials: AwsCredentials;
  readonly expiresAtMs: number;
}

async function assume(sts: STSClient, request: RoleSessionDeps['request']): Promise<Opened> {
  const { Credentials } = await sts.send(new AssumeRoleCommand(request()));
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined || Expiration === undefined)
    throw new Error('AssumeRole answered without credentials');
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    expiresAtMs: Expiration.getTime(),
  };
}
