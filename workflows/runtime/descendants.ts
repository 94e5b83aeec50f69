import { condition, isCancellation } from '@temporalio/workflow';
import type { ContainmentOrder, ContainmentView } from '../../src/contracts/containment.js';
import type { DescentEdge } from '../../src/contracts/authority.js';
import { containmentIdFor, type Principal } from '../../src/contracts/principal.js';
import type { Descendant } from '../../src/contracts/watch.js';
import { distinctSessions } from '../../src/domain/engine/containment-view.js';
import { betterDescent, descendantKey, edgeTo, isIntrudersAlone, leftToPerson } from '../../src/domain/engine/descent.js';
import { reopenContain } from '../../src/domain/engine/views.js';
import { resolve } from './activities.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';
import { sendOrder } from './orders.js';
import { takeResolution } from './resolve-scope.js';

const MAX_SEEN = 400;

/**
 * Takes into scope what the intruder made, became or opened, as soon as CloudTrail shows it (design 9.3); what it opened belongs to somebody,
 * so its containment asks a person. What came from an address of the rightful holder is left to a person altogether.
 */
export function claimDescendants(incident: Incident): void {
  const { state } = incident;
  const seen = new Set(state.descendantsSeen ?? []);
  for (const view of Object.values(state.scope)) {
    for (const found of view.descendants) {
      const key = descendantKey(found);
      if (seen.has(key)) continue;
      seen.add(key);
      void claim(incident, view, found);
    }
  }
  state.descendantsSeen = [...seen].slice(-MAX_SEEN);
}

async function claim(incident: Incident, view: ContainmentView, found: Descendant): Promise<void> {
  const why = notClaimed(incident, view, found);
  if (why !== undefined) return incident.journal(`${found.arn} is left to a person: ${why} (${found.api}, event ${found.eventId})`);
  try {
    const resolution = await incident.busy(() =>
      resolve.resolvePrincipalArn.executeWithOptions({ summary: `resolve ${found.arn}`.slice(0, 200) }, [
        { arn: found.arn, session: found.session },
      ]),
    );
    if (!resolution.found) return incident.journal(`${found.arn} (${found.api}) is not contained: ${resolution.why}, ${resolution.detail}`);
    enter(incident, view, { found, resolution });
  } catch (error) {
    if (isCancellation(error)) return;
    incident.journal(`${found.arn} (${found.api}) could not be resolved: ${failureText(error)}`);
  }
}

function enter(
  incident: Incident,
  view: ContainmentView,
  { found, resolution }: { found: Descendant; resolution: Extract<Parameters<typeof takeResolution>[1], { found: true }> },
): void {
  const { state } = incident;
  const { lockId, arn, name } = resolution.principal;
  const edge = edgeTo(found, { parent: view.principal, child: resolution.principal });
  const edges = [...(state.descents?.[view.principal.lockId] ?? []), edge];
  const known = state.principals.find((principal) => principal.lockId === lockId);
  if (known !== undefined) return addLineage(incident, known, { found, edges });
  state.descents = { ...state.descents, [lockId]: edges };
  state.origins = { ...state.origins, [arn]: `${found.how} by ${view.principal.name}` };
  takeResolution(incident, resolution);
  const what = isIntrudersAlone(edges) ? 'is contained too' : 'is in scope, a person decides';
  incident.journal(`${arn} ${what}: ${found.how} by ${view.principal.name} (${found.api}, event ${found.eventId})`);
  reopenContain(state, `${name} entered scope`, Date.now());
}

/** More sessions of a role, or better proof that it is the intruder's alone. */
function addLineage(
  incident: Incident,
  known: Principal,
  { found: { session }, edges }: { found: Descendant; edges: readonly DescentEdge[] },
): void {
  const { state } = incident;
  const better = betterDescent(state.descents?.[known.lockId], edges);
  const isNew = session !== undefined && known.sessions?.includes(session) !== true;
  if (!better && !isNew) return;
  const containmentId = containmentIdFor(known.lockId);
  if (better) {
    state.descents = { ...state.descents, [known.lockId]: [...edges] };
    state.proceeded = state.proceeded?.filter((key) => !key.startsWith(`${containmentId}|`));
  }
  if (isNew) known.sessions = distinctSessions(known.sessions, [session]);
  const descent = better ? { descent: [...edges] } : {};
  orderLineage(incident, containmentId, { order: 'lineage', sessions: known.sessions ?? [], ...descent });
}

/** A containment that is not claimed yet begins with all this; one that is being started hears of it once it can be reached. */
function orderLineage(incident: Incident, containmentId: string, order: ContainmentOrder): void {
  const { state, run } = incident;
  const isHeld = (): boolean => state.scope[containmentId] !== undefined;
  if (isHeld()) return void sendOrder(incident, containmentId, order);
  if (!run.claiming.has(containmentId)) return;
  const claimed = incident.busy(() => condition(() => isHeld() || !run.claiming.has(containmentId)));
  claimed
    .then(() => (isHeld() ? sendOrder(incident, containmentId, order) : undefined))
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
}

function notClaimed({ state }: Incident, view: ContainmentView, found: Descendant): string | undefined {
  if (state.closing !== undefined) return 'the incident closes';
  return leftToPerson(found, state.descents?.[view.principal.lockId]?.length ?? 0);
}
