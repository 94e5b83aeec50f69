import type { PlaybookPin } from '../../src/contracts/playbook.js';

export interface LoadPlaybookDeps {
  /** Loads and validates playbook, waits and teams. */
  readonly pin: (playbookId: string, waitsName: string) => Promise<PlaybookPin>;
  readonly waitsName: string;
}

/**
 * Loads the playbook with the waits in force. Temporal's record of the result is the pin: a running incident
 * never changes under an edit.
 *
 * @throws PlaybookInvalid, permanent: file, path and what was expected.
 */
export function createLoadPlaybook({
  pin,
  waitsName,
}: LoadPlaybookDeps): (input: { playbookId: string; openedAt: string }) => Promise<PlaybookPin> {
  return ({ playbookId }) => pin(playbookId, waitsName);
}
