import type { ConsentAction } from '../../contracts/authority.js';
import type { ContainmentView } from '../../contracts/containment.js';
import type { IncidentState } from '../../contracts/incident.js';
import type { Task } from '../../contracts/task.js';
import { linkedSubjects } from './acts.js';
import { closeTask, openTask, openTasks } from './tasks.js';
import { DAY_MS, toInstant } from './time.js';

/** Letting go takes two people (design 9). */
const LETTING_GO_QUORUM = 2;

export interface ConsentRequest {
  readonly action: ConsentAction;
  readonly view?: ContainmentView;
  readonly stepId: string;
  readonly team: string;
  readonly title: string;
  readonly lookAt: readonly string[];
  readonly quorum?: number;
  /** What is signed, where it is not the containment's plan. */
  readonly planSha256?: string;
  /** The person who asked for it, where one did. */
  readonly requestedBy?: string;
}

/**
 * Opens the consent task for something only several people may allow; one task per action and containment at a time. One
 * that asks about a plan that has changed since is closed: a signature on it would allow nothing.
 */
export function askConsent(state: IncidentState, request: ConsentRequest, nowMs: number): Task {
  const { action, view, stepId, team, title, lookAt, requestedBy } = request;
  const needKey = needKeyOf(state, request);
  const open = openTasks(state).find((task) => task.needKey === needKey);
  if (open !== undefined && asksFor(state, open, request)) return open;
  if (open !== undefined) closeTask(open, 'the plan has changed', nowMs);
  return openTask(
    state,
    {
      kind: 'consent',
      stepId,
      team,
      title,
      lookAt: [...lookAt],
      needKey,
      choices: ['approve', 'reject'],
      needsSignature: true,
      quorum: request.quorum ?? LETTING_GO_QUORUM,
      ...(requestedBy === undefined ? {} : { requestedBy }),
      consent: {
        incidentId: state.incidentId,
        action,
        principalUniqueId: (view?.principal ?? state.principals[0])?.uniqueId ?? 'none',
        planSha256: planOf(request),
        tier: view?.plan?.tier ?? 'A1',
        ownerSubjects: linkedSubjects(state),
        expiresAt: toInstant(nowMs + DAY_MS),
      },
    },
    nowMs,
  );
}

/** True for a consent task that asks exactly this, whether it is open or not. */
export function asksFor(state: IncidentState, { needKey, consent }: Task, request: ConsentRequest): boolean {
  return needKey === needKeyOf(state, request) && consent?.planSha256 === planOf(request);
}

function needKeyOf({ incidentId }: IncidentState, { action, view }: ConsentRequest): string {
  return `${action}:${view?.containmentId ?? incidentId}`;
}

function planOf({ planSha256, view }: ConsentRequest): string {
  return planSha256 ?? view?.plan?.planSha256 ?? 'none';
}

/** The containment a letting-go consent is about. */
export function containmentOf(state: IncidentState, task: Task): ContainmentView | undefined {
  const key = task.needKey ?? '';
  return key.includes('#') ? state.scope[key.slice(0, key.indexOf('#'))] : state.scope[key.slice(key.indexOf(':') + 1)];
}
