import type { WorkflowType } from '../../src/contracts/names.js';
import type { Injection } from '../fixtures/jira-stub/stub.js';
import type { Lab, LabOptions } from '../fixtures/lab/lab.js';

/** One branch of the product, played once on a real server to record its histories. */
export interface Scenario {
  /** What it shows, one sentence. */
  readonly shows: string;
  /** Types whose histories are kept; the others of the run are like those of another scenario. */
  readonly keeps: readonly WorkflowType[];
  readonly options?: Partial<LabOptions>;
  /** Tickets go to Jira, which answers like this in between. */
  readonly jira?: Injection;
  readonly play: (lab: Lab) => Promise<void>;
}

export const BOTH = ['incidentResponse', 'containPrincipal'] as const satisfies readonly WorkflowType[];
