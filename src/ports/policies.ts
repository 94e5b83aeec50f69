import type { DetectionRules, Sources } from '../contracts/detection.js';
import type { OrganizationConfig } from '../contracts/organization.js';
import type { Playbook, PlaybookPin, Teams, Waits } from '../contracts/playbook.js';
import type { Confidence, IntakePolicy, People, Rails } from '../contracts/policies.js';

/** Playbooks and policies as data. Each call reads what is in force now; only `pin` is kept, by Temporal. */
export interface Policies {
  readonly rails: () => Promise<Rails>;
  /** Undefined where there is no `organization.yaml`: one account, without SCPs. */
  readonly organization: () => Promise<OrganizationConfig | undefined>;
  readonly confidence: () => Promise<Confidence>;
  readonly people: () => Promise<People>;
  readonly intake: () => Promise<IntakePolicy>;
  readonly teams: () => Promise<Teams>;
  /** Undefined where there is no `detection-rules.yaml`: calls of CloudTrail are for review. */
  readonly detectionRules: () => Promise<DetectionRules | undefined>;
  /** Undefined where there is no `sources.yaml`: built-in sources alone, any partition. */
  readonly sources: () => Promise<Sources | undefined>;
  readonly waits: (name: string) => Promise<Waits>;
  readonly playbook: (id: string) => Promise<{ playbook: Playbook; sha256: string }>;
  /** What `loadPlaybook` returns and Temporal pins. */
  readonly pin: (id: string, waitsName: string) => Promise<PlaybookPin>;
}
