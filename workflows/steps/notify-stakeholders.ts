import type { PlaybookStep } from '../../src/contracts/playbook.js';
import { ladderTeams } from '../../src/domain/engine/ladder.js';
import { markTold, notificationOf, teamTitle } from '../../src/domain/engine/notices.js';
import type { StepEnd } from '../../src/domain/engine/outcomes.js';
import type { Incident } from '../runtime/incident.js';
import { deliver } from '../runtime/mailer.js';
import { withHelp } from '../runtime/people.js';

/** Tells the owner's team and every team of the ladder once what happened. `progress` lists who was reached. */
export async function notifyStakeholders(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const { state } = incident;
  const teams = [...new Set([step.owner, ...ladderTeams(state)])];
  for (const team of teams) {
    if (reached(incident, step).includes(team)) continue;
    const title = teamTitle(state, team);
    const notification = notificationOf(state, { team, kind: 'news', title: newsTitle(incident), lines: newsLines(incident) }, Date.now());
    const sent = await withHelp(incident, step, { what: `reach ${title}`, work: () => deliver(notification, 'notifyTeam', title) });
    if (sent.how === 'ended') return sent.end;
    markTold(state, team, Date.now());
    const current = state.steps[step.id];
    if (current !== undefined) current.progress = [...reached(incident, step), team].join(' ');
    incident.changed();
  }
  return { status: 'done', outcome: `told ${teams.map((team) => teamTitle(state, team)).join(', ')}`, who: 'Tourniquet' };
}

function reached({ state }: Incident, step: PlaybookStep): string[] {
  return (state.steps[step.id]?.progress ?? '').split(' ').filter((team) => team !== '');
}

function newsTitle({ state }: Incident): string {
  const who = state.principals.map(({ name, account }) => `${name} (${account})`).join(', ') || 'an unresolved principal';
  return `${state.severity} incident ${state.incidentId}: ${who}`;
}

function newsLines({ state }: Incident): string[] {
  const containments = Object.values(state.scope).map((view) => `${view.principal.name}: ${view.state}, ${view.headline}`);
  return [`verdict: ${state.verdict?.verdict ?? 'by hand'}`, `phase: ${state.phase}`, ...containments];
}
