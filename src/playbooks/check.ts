import type { Playbook, Teams, Waits } from '../contracts/playbook.js';
import type { Rails } from '../contracts/policies.js';

/** AWS's longest session life: GetSessionToken, 36 h (STS API reference). */
const LONGEST_SESSION_SECONDS = 129_600;
/** CloudTrail's usual delivery allowance (aws-domain 5.1). */
const LEAST_QUIET_SECONDS = 900;

/** What a schema cannot see: ids, references, cycles. Returns one line per problem. */
export function checkPlaybook(playbook: Playbook, known: { expectedId: string; teams: Teams }): string[] {
  const problems: string[] = [];
  const ids = new Set(playbook.steps.map((step) => step.id));
  const teamIds = new Set(known.teams.teams.map((team) => team.id));
  if (playbook.id !== known.expectedId) problems.push(`id: expected ${known.expectedId}, the file's name`);
  if (ids.size !== playbook.steps.length) problems.push('steps: two steps have the same id');
  playbook.steps.forEach((step, index) => {
    if (!teamIds.has(step.owner)) problems.push(`steps.${index}.owner: no team ${step.owner} in teams.yaml`);
    for (const need of step.needs) if (!ids.has(need)) problems.push(`steps.${index}.needs: no step ${need}`);
  });
  const cycle = findCycle(playbook);
  if (cycle) problems.push(`steps: ${cycle.join(' → ')} wait for each other`);
  return problems;
}

/** Every rung names a known team and the waits rise. */
export function checkTeams({ teams, ladder }: Teams): string[] {
  const ids = new Set(teams.map((team) => team.id));
  const problems: string[] = [];
  if (ids.size !== teams.length) problems.push('teams: two teams have the same id');
  ladder.rungs.forEach((rung, index) => {
    if (!ids.has(rung.team)) problems.push(`ladder.rungs.${index}.team: no team ${rung.team}`);
    const before = ladder.rungs[index - 1];
    if (before && rung.afterMinutes <= before.afterMinutes)
      problems.push(`ladder.rungs.${index}.afterMinutes: expected more than ${before.afterMinutes}`);
  });
  for (const [severity, team] of Object.entries(ladder.lastRungBySeverity)) {
    if (!ladder.rungs.some((rung) => rung.team === team)) problems.push(`ladder.lastRungBySeverity.${severity}: ${team} is on no rung`);
  }
  return problems;
}

/** Short windows are for the range alone (design 5). */
export function checkWaits(waits: Waits, known: { expectedId: string; rails: Rails }): string[] {
  const problems: string[] = [];
  const range = new Set(known.rails.rangeAccounts);
  const rangeOnly = known.rails.accounts.length > 0 && known.rails.accounts.every((account) => range.has(account));
  if (waits.id !== known.expectedId) problems.push(`id: expected ${known.expectedId}, the file's name`);
  if (!rangeOnly && waits.sessionHoldSeconds < LONGEST_SESSION_SECONDS) {
    problems.push(`sessionHoldSeconds: expected at least ${LONGEST_SESSION_SECONDS}: rails.yaml lists accounts outside the range`);
  }
  if (!rangeOnly && waits.quietWindowSeconds < LEAST_QUIET_SECONDS) {
    problems.push(`quietWindowSeconds: expected at least ${LEAST_QUIET_SECONDS}: rails.yaml lists accounts outside the range`);
  }
  if (waits.recheckLadder.slice(0, -1).some((row) => row.untilSeconds === undefined))
    problems.push('recheckLadder: only the last row may have no untilSeconds');
  if (waits.recheckLadder.at(-1)?.untilSeconds !== undefined) problems.push('recheckLadder: the last row must have no untilSeconds');
  return problems;
}

function findCycle({ steps }: Playbook): string[] | undefined {
  const needs = new Map(steps.map((step) => [step.id, step.needs]));
  const finished = new Set<string>();
  const visit = (id: string, path: string[]): string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (finished.has(id)) return undefined;
    for (const need of needs.get(id) ?? []) {
      const cycle = visit(need, [...path, id]);
      if (cycle) return cycle;
    }
    finished.add(id);
    return undefined;
  };
  for (const step of steps) {
    const cycle = visit(step.id, []);
    if (cycle) return cycle;
  }
  return undefined;
}
