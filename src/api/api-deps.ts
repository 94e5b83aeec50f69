import type { OidcConfig, SourceCaller } from '../contracts/callers.js';
import type { Session } from '../incidents/session.js';
import type { ReceiveDeps } from '../ingest/receive.js';
import type { Authority } from '../ports/authority.js';
import type { EvidenceStore } from '../ports/evidence-store.js';
import type { Policies } from '../ports/policies.js';
import type { RecordStore } from '../ports/record-store.js';
import type { SnsVerifier } from '../ports/sns-verifier.js';
import type { TokenStore } from '../ports/token-store.js';
import type { Logger } from '../telemetry/logger.js';

/** One source that may hand in alerts, with its secret where it has one. */
export interface KnownSource {
  readonly caller: SourceCaller;
  readonly secret?: string | undefined;
}

/** A part that readiness asks about: resolves with a word about it, rejects with what is wrong. */
export type Probe = () => Promise<string>;

/** What the API server is made of. */
export interface ApiDeps {
  readonly session: Session;
  readonly receive: ReceiveDeps;
  readonly authority: Pick<Authority, 'signConsent'>;
  readonly policies: Pick<Policies, 'people' | 'rails'>;
  readonly tokens: Pick<TokenStore, 'find'>;
  readonly sources: readonly KnownSource[];
  readonly oidc?: OidcConfig | undefined;
  readonly sns?: SnsVerifier | undefined;
  readonly records: RecordStore;
  /** Working copies: timelines for reports. */
  readonly working: Pick<EvidenceStore, 'get'>;
  /** By the name that `/readyz` shows. */
  readonly probes: Readonly<Record<string, Probe>>;
  readonly logger: Logger;
  readonly now: () => Date;
}
