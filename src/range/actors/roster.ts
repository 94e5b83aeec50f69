import { attackerScript, appearanceOf, type AttackerDeps } from './attacker-script.js';
import { createActorClients, type ActorClients, type Appearance, type Connection, type SdkCredentials } from './clients.js';
import { otherResponder } from './other-responder.js';
import { roleArn } from './role-arn.js';
import type { WorkloadPlans } from './scenario.js';
import type { Script } from './stage.js';
import { assumedBy, benignWorkload, innocentUser, roleWorkload, type CredentialSource } from './workloads.js';

/** What the scripts are made from. */
export interface RosterDeps extends AttackerDeps {
  readonly hasOtherResponder: boolean;
  readonly connection: Connection;
}

type ClientsFor = (credentials: SdkCredentials) => ActorClients;

/**
 * The scenario's actors by name: the attacker by his kind, `benign`, `innocent`, its other workloads, and `otherResponder` when wanted.
 *
 * @throws Error when the scenario has nobody for the theft, or no other responder
 */
export function scriptsOf(deps: RosterDeps): Readonly<Record<string, () => Script>> {
  const { scenario, identities, attacker } = deps;
  const { benign, innocent, workloads } = scenario.cast;
  const clientsAs =
    (actor: string, { address, userAgent }: Pick<Appearance, 'address' | 'userAgent'>): ClientsFor =>
    (credentials) =>
      createActorClients(deps.connection, { credentials, appearance: { actor, address, userAgent } });

  return {
    [attacker]: attackerScript(deps, clientsAs(attacker, appearanceOf(deps))),
    benign: () =>
      benignWorkload({
        everySeconds: benign.everySeconds,
        clients: clientsAs('benign', benign)(identities.benign),
        roleArn: roleArn(scenario, benign.role),
      }),
    innocent: () => innocentUser({ everySeconds: innocent.everySeconds, clients: clientsAs('innocent', innocent)(identities.innocent) }),
    ...Object.fromEntries(
      workloads.map((plan) => {
        const clientsFor = clientsAs(plan.name, plan);
        const source = sourceOf(deps, { plan, clientsFor });
        return [plan.name, () => roleWorkload({ everySeconds: plan.everySeconds, source, clientsFor })];
      }),
    ),
    ...(deps.hasOtherResponder ? { otherResponder: otherResponderScript(deps, clientsAs) } : {}),
  };
}

function sourceOf(
  { scenario, userKeys, instances, handouts }: RosterDeps,
  { plan: { name, source }, clientsFor }: { plan: WorkloadPlans[number]; clientsFor: ClientsFor },
): CredentialSource {
  if ('user' in source) {
    const key = userKeys[source.user];
    if (key === undefined) throw new Error(`scenario: the workload ${name} has the user ${source.user} without a key`);
    return assumedBy(clientsFor(key), { roleArn: roleArn(scenario, source.role), sessionName: source.sessionName });
  }
  if ('function' in source) return async () => handouts.lambda(source.function);
  const instance = instances().find(({ tags }) => tags.get('Name') === source.instance);
  if (instance === undefined) throw new Error(`scenario: the workload ${name} runs on the unknown instance ${source.instance}`);
  return async () => handouts.instance(instance.id);
}

function otherResponderScript(
  { scenario, identities, userKeys }: RosterDeps,
  clientsAs: (actor: string, look: Pick<Appearance, 'address' | 'userAgent'>) => ClientsFor,
): () => Script {
  const plan = scenario.cast.otherResponder;
  const key = userKeys[plan?.user ?? ''];
  if (plan === undefined || key === undefined) throw new Error(`the scenario ${scenario.name} has no other responder`);
  const clients = clientsAs('otherResponder', plan)(key);
  return () => otherResponder({ plan, clients, leaked: identities.leaked, group: scenario.groups.find(({ path }) => path === '/')?.name });
}
