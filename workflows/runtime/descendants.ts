import { isCancellation } from '@temporalio/workflow';
import type { ContainmentView } from '../../src/contracts/containment.js';
import { containmentIdFor } from '../../src/contracts/principal.js';
import type { Descendant } from '../../src/contracts/watch.js';
import { edgeTo, leftToPerson } from '../../src/domain/engine/descent.js';
import { reopenContain } from '../../src/domain/engine/views.js';
import { resolve } from './activities.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';
import { sendOrder } from './orders.js';
import { takeResolution } from './resolve-scope.js';

const MAX_SEEN = 400;

/**
 * Takes into scope what the intruder made or became, as soon as CloudTrail shows it (design 9.3). What it did to somebody else's user or role, and what
 * came from an address of the rightful holder, is left to a person.
 */
export function claimDescendants(incident: Incident): void {
  const { state } = incident;
  const seen = new Set(state.descendantsSeen ?? []);
  for (const view of Object.values(state.scope)) {
    for (const found of view.descendants) {
      if (seen.has(found.eventId)) continue;
      seen.add(found.eventId);
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
  const known = state.principals.find((principal) => principal.lockId === lockId);
  if (known !== undefined) {
    if (found.session === undefined || known.sessions?.includes(found.session) === true) return;
    known.sessions = [...(known.sessions ?? []), found.session].slice(-20);
    void sendOrder(incident, containmentIdFor(lockId), { order: 'sessions', sessions: known.sessions });
    return;
  }
  const edge = edgeTo(found, { parent: view.principal, child: resolution.principal });
  state.descents = { ...state.descents, [lockId]: [...(state.descents?.[view.principal.lockId] ?? []), edge] };
  state.origins = { ...state.origins, [arn]: `${found.how} by ${view.principal.name}` };
  takeResolution(incident, resolution);
  incident.journal(`${arn} is contained too: ${found.how} by ${view.principal.name} (${found.api}, event ${found.eventId})`);
  reopenContain(state, `${name} entered scope`, Date.now());
}

function notClaimed({ state }: Incident, view: ContainmentView, found: Descendant): string | undefined {
  if (state.closing !== undefined) return 'the incident closes';
  return leftToPerson(found, state.descents?.[view.principal.lockId]?.length ?? 0);
}
