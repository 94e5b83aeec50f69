/** Who can attack, by how he goes about it. */
export const ATTACKERS = ['opportunist', 'persister', 'juggler', 'insider'] as const;

/** One kind of attacker; also the name of the actor. */
export type AttackerKind = (typeof ATTACKERS)[number];

/** Whether an actor's name is an attacker's. */
export function isAttacker(actor: string): actor is AttackerKind {
  return ATTACKERS.some((kind) => kind === actor);
}
