import { type CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { IncidentState } from '../../src/contracts/incident.js';
import { note } from '../../src/domain/engine/journal.js';
import { openTasks } from '../../src/domain/engine/tasks.js';
import type { Message } from '../../src/domain/engine/notices.js';
import type { Breach } from '../../src/domain/engine/rungs.js';

/** What of a run is not state: it is made anew after continue-as-new. */
export interface RunMemory {
  /** Something changed since the pump last looked. */
  dirty: boolean;
  /** Activities, child starts and external signals under way. */
  inFlight: number;
  outbox: Message[];
  breaches: Breach[];
  /** Steps whose behaviour runs in this run. */
  readonly running: Set<string>;
  readonly claiming: Set<string>;
  /** Tasks that were open when this run began: their answer may come before the step that asked is there again. */
  readonly inherited: Set<string>;
  readonly timers: Map<string, { atMs: number; scope: CancellationScope }>;
}

/** The running incident, handed to every step, handler and timer. */
export interface Incident {
  readonly workflowId: string;
  readonly state: IncidentState;
  readonly run: RunMemory;
  /** Says that something changed: clocks, steps, timers, messages and the page are looked at again. */
  readonly changed: () => void;
  /** A line of the journal. */
  readonly journal: (text: string, who?: string) => void;
  /** Puts a message into the outbox; those of one moment for one team go out as one. */
  readonly tell: (message: Message) => void;
  /** Counts work under way, so that continue-as-new waits for it. */
  readonly busy: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Wraps a state for one run of the workflow. */
export function createIncident(state: IncidentState): Incident {
  const run: RunMemory = {
    dirty: true,
    inFlight: 0,
    outbox: [],
    breaches: [],
    running: new Set(),
    claiming: new Set(),
    inherited: new Set(openTasks(state).map(({ taskId }) => taskId)),
    timers: new Map(),
  };
  const changed = (): void => {
    run.dirty = true;
  };

  async function busy<T>(work: () => Promise<T>): Promise<T> {
    run.inFlight += 1;
    try {
      return await work();
    } finally {
      run.inFlight -= 1;
      changed();
    }
  }

  return {
    workflowId: workflowInfo().workflowId,
    state,
    run,
    changed,
    busy,
    journal: (text, who = 'Tourniquet') => {
      note(state, { nowMs: Date.now(), who, text });
      changed();
    },
    tell: (message) => {
      run.outbox.push(message);
      changed();
    },
  };
}
