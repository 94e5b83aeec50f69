import type { Trace } from './trace.js';

/** Sign-ins of a principal of the thief's from the thief's address: no key ties them, so they are reported, not followed. */
export function reportWeakSignIns(trace: Trace): void {
  const byPrincipal = new Map<string, ReturnType<Trace['placed']['get']>>();
  for (const task of trace.placed.values()) {
    const { actor, ip, at } = task.record;
    if (task.owner !== 'thief') continue;
    const known = byPrincipal.get(`${actor.principalId} ${ip}`);
    if (known === undefined || at < known.record.at) byPrincipal.set(`${actor.principalId} ${ip}`, task);
  }
  for (const login of trace.index.byName.get('ConsoleLogin') ?? []) {
    const task = byPrincipal.get(`${login.actor.principalId} ${login.ip}`);
    if (task === undefined || login.error !== undefined || trace.placed.has(login.id) || login.at < task.record.at) continue;
    const principal = login.actor.issuerArn ?? login.actor.arn;
    const minted = { id: `console:${login.id}`, kind: 'console-session' as const, principal, mintedAt: login.at };
    trace.addCredential(minted, { owner: 'thief', node: task.node, provedBy: login.id, strength: 'weak' });
  }
}
