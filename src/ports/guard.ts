import type { GuardAnswer, GuardState } from '../contracts/guard.js';

/** The one `responderGuard`, as activities see it. Every call fails loudly when it cannot be reached. */
export interface Guard {
  /** May this containment go on? Changes nothing. */
  ask(request: { account: string; containmentId: string; descent?: boolean | undefined }): Promise<GuardAnswer>;
  /** The same, and takes one place of the limit. Repeating it takes no second one. */
  reserve(request: { account: string; containmentId: string; descent?: boolean | undefined }): Promise<GuardAnswer>;
  state(): Promise<GuardState>;
}
