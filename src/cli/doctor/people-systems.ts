import type { Env } from '../../config/env.js';
import { createPolicies } from '../../playbooks/load.js';
import { recipients } from '../../adapters/notify/smtp.js';
import { createTickets } from '../../worker/people-systems.js';
import { shortMessage, type Finding } from './finding.js';

/** Ticket system reachable with every right it needs, and every team within reach of some channel. Creates and sends nothing. */
export async function peopleSystemChecks(env: Env): Promise<Finding[]> {
  return [await ticketCheck(env), await notifyCheck(env)];
}

async function ticketCheck(env: Env): Promise<Finding> {
  try {
    const tickets = createTickets(env);
    const missing = await tickets.check();
    if (missing.length === 0) return { check: 'tickets', status: 'ok', detail: tickets.name };
    const fix = tickets.name === 'jira' ? 'mend it in the Jira project or set TOURNIQUET_JIRA_* (README)' : 'make the data folder writable';
    return { check: 'tickets', status: 'fail', detail: `${tickets.name}: ${missing.join('; ')}`, fix };
  } catch (error) {
    return { check: 'tickets', status: 'fail', detail: shortMessage(error), fix: 'mend TOURNIQUET_JIRA_*' };
  }
}

async function notifyCheck(env: Env): Promise<Finding> {
  const paging = [...(env.slackWebhookUrl === undefined ? [] : ['slack']), ...(env.mail === undefined ? [] : ['email'])];
  const fix = 'set TOURNIQUET_SLACK_WEBHOOK_URL, or TOURNIQUET_SMTP_URL and TOURNIQUET_MAIL_FROM; add addresses to teams.yaml';
  try {
    const policies = createPolicies(env.policyDir);
    const [{ teams }, { people }] = await Promise.all([policies.teams(), policies.people()]);
    const unreached = teams.filter(
      (team) => !team.channels.some((channel) => paging.includes(channel) && (channel !== 'email' || recipients(team, people).length > 0)),
    );
    if (paging.length === 0)
      return { check: 'notify', status: 'warn', detail: 'no channel pages anybody: only this terminal and the journal', fix };
    if (unreached.length === 0) return { check: 'notify', status: 'ok', detail: paging.join(', ') };
    return {
      check: 'notify',
      status: 'warn',
      detail: `not reached by ${paging.join(', ')}: ${unreached.map(({ id }) => id).join(', ')}`,
      fix,
    };
  } catch (error) {
    return { check: 'notify', status: 'fail', detail: shortMessage(error), fix: 'mend the file named' };
  }
}
