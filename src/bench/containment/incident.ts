import type { Alert } from '../../contracts/alert.js';
import type { DescentEdge } from '../../contracts/authority.js';
import type { Principal } from '../../contracts/principal.js';
import type { Descendant } from '../../contracts/watch.js';
import { betterDescent, descendantKey, edgeTo, leftToPerson } from '../../domain/engine/descent.js';
import { parseMessage } from '../../ingest/parse-message.js';
import { type Containment, createContainment } from './containment.js';
import { type Crew, createCrew } from './crew.js';
import type { VirtualStage } from './virtual-stage.js';

/** One incident without Temporal: alerts in, principals contained, where the intruder went on contained too. */
export interface Incident {
  readonly containments: ReadonlyMap<string, Containment>;
  /** What was not contained by itself, and why. */
  readonly left: readonly string[];
  /** Has any alert arrived? */
  heard(): boolean;
  /** Looks at what has arrived; called whenever time has passed. */
  look(): void;
  /** Ends every containment's watching. */
  stop(): Promise<void>;
  readonly crew: Crew;
}

/** Starts with nothing: the first alert opens it. */
export function createIncident(stage: VirtualStage): Incident {
  const crew = createCrew(stage.clock);
  const containments = new Map<string, Containment>();
  const descents = new Map<string, readonly DescentEdge[]>();
  const seen = new Set<string>();
  const left: string[] = [];
  let alert: Alert | undefined;
  let heardAny = false;

  function enter(principal: Principal, first: Alert, edges: readonly DescentEdge[]): void {
    descents.set(principal.lockId, edges);
    const containment = createContainment(stage, { crew, principal, alert: first, edges, onDescendant: claim });
    containments.set(principal.lockId, containment);
    crew.start(() => containment.run());
  }

  async function hear(message: unknown): Promise<void> {
    for (const signed of await signedAlerts(stage, message)) {
      const resolution = await stage.resolve(signed);
      if (!resolution.found) return void left.push(`${signed.source}: ${resolution.why}, ${resolution.detail}`);
      alert ??= signed;
      const known = containments.get(resolution.principal.lockId);
      if (known === undefined) enter(resolution.principal, signed, []);
      else known.addAlert(signed);
    }
  }

  async function claim(parent: Principal, found: Descendant): Promise<void> {
    const key = descendantKey(found);
    if (seen.has(key) || alert === undefined) return;
    seen.add(key);
    const before = descents.get(parent.lockId) ?? [];
    const why = leftToPerson(found, before.length);
    if (why !== undefined) return void left.push(`${found.arn}: ${why} (${found.api})`);
    const resolution = await stage.resolveArn({ arn: found.arn, session: found.session });
    if (!resolution.found) return void left.push(`${found.arn}: ${resolution.why}, ${resolution.detail}`);
    const { principal } = resolution;
    const edges = [...before, edgeTo(found, { parent, child: principal })];
    const known = containments.get(principal.lockId);
    if (known === undefined) return enter(principal, alert, edges);
    known.addSession(found.session);
    if (!betterDescent(descents.get(principal.lockId), edges)) return;
    descents.set(principal.lockId, edges);
    known.setDescent(edges);
  }

  return {
    containments,
    left,
    crew,
    heard: () => heardAny,
    look: () => {
      heardAny ||= stage.messages.length > 0;
      for (const message of stage.messages.splice(0)) crew.start(() => hear(message));
    },
    stop: () => crew.stop(),
  };
}

/** The alerts in a message, with ingest's receipt. @throws Error when ingest would reject it: the range's own alerts are never odd */
async function signedAlerts(stage: VirtualStage, message: unknown): Promise<Alert[]> {
  const parsed = parseMessage(JSON.stringify(message), new Date(stage.clock.now()).toISOString());
  if (!parsed.accepted) throw new Error(`alert rejected: ${parsed.reason}`);
  return Promise.all(parsed.alerts.map(stage.signReceipt));
}
