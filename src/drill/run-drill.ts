import { setTimeout as delay } from 'node:timers/promises';
import { readIncident } from '../incidents/acting.js';
import type { IncidentState } from '../contracts/incident.js';
import { createPolicies } from '../playbooks/load.js';
import { createCast } from './cast.js';
import { createDelivery } from './delivery.js';
import { historySizes } from './history-sizes.js';
import { createNarrator, type Narrator } from './narrator.js';
import type { DrillOptions } from './options.js';
import { createPrompt } from './prompt.js';
import { reportVerdict } from './report-verdict.js';
import { setStage, type Stage } from './stage.js';
import { judgeDrill, outsideOf, type Verdict } from './verdict.js';

/** Between two looks at the incident. */
const LOOK_EVERY_MS = 400;
/** Record, report and ticket are local files here. */
const WRITTEN_WITHIN_MS = 60_000;

/**
 * A whole incident on one machine: a simulated AWS account is attacked, alerts come in, and the credential is
 * contained by the real workers through a real Temporal server. The cast answers the tasks by the CLI's code path.
 *
 * @returns exit code 0 only when the containment is proven and the range's ground truth agrees.
 */
export async function runDrill(options: DrillOptions): Promise<{ exitCode: number; verdict: Verdict | undefined }> {
  const narrator = createNarrator({ ...options, nowMs: Date.now });
  const messages: unknown[] = [];
  narrator.say('drill', 'drill', 'setting up Temporal, the range and the workers');
  const stage = await setStage(options, { narrator, onAlert: (message) => void messages.push(message) });
  try {
    const verdict = await play(options, { stage, narrator, messages });
    reportVerdict(options, { verdict, stage });
    if (options.keep) await untilInterrupted(options, stage);
    return { exitCode: verdict.verdict === 'contained' ? 0 : 1, verdict };
  } finally {
    await stage.close();
  }
}

interface Scene {
  readonly stage: Stage;
  readonly narrator: Narrator;
  readonly messages: unknown[];
}

async function play(options: DrillOptions, { stage, narrator, messages }: Scene): Promise<Verdict> {
  const { range, env, session } = stage;
  const policies = createPolicies(env.policyDir);
  const [{ people }, { approverTeams }] = await Promise.all([policies.people(), policies.rails()]);
  const prompt = createPrompt(options.output);
  const cast = createCast({ stage, narrator, people, approverTeams, played: options.interactive, ask: prompt.ask });
  const manager = people.find((person) => person.teams.includes('incident-management')) ?? people[0];
  for (const account of range.organization?.accountIds ?? [range.accountId])
    if (options.cast && manager) await cast.perform(manager.subject, ['guard', 'mode', account, options.mode]);

  const { theft = 'userKey', attacker = 'opportunist' } = options.range ?? {};
  const target = range.identities.leaked.userName;
  // Other attackers and ways in change what is outside themselves: then nothing is left to compare with.
  const outside = (): string => (theft === 'userKey' && attacker === 'opportunist' ? outsideOf(range, target) : '');
  const untouchedBefore = outside();
  const leaks = theft === 'userKey' ? `the key of ${target} leaks` : `an attacker gets in: ${theft}`;
  narrator.say('drill', 'drill', `${leaks}; watch: ${stage.server.uiUrl ?? stage.server.address}`);
  range.startActors();

  const deliver = createDelivery(stage, narrator);
  const deadlineMs = Date.now() + options.limitSeconds * 1000;
  let state: IncidentState | undefined;
  let told = 0;
  while (Date.now() < deadlineMs) {
    for (const message of messages.splice(0)) await deliver(message);
    state = (await latestIncident(stage)) ?? state;
    if (state) {
      told = narrateJournal(state, { narrator, told });
      if (options.cast) cast.act(state);
      if (isOver(state, options)) break;
    }
    await delay(LOOK_EVERY_MS);
  }
  prompt.close();
  if (options.cast && state?.closing !== undefined) state = (await untilWritten(stage, state.lockId)) ?? state;
  await range.stopActors();
  const histories = state === undefined ? [] : await historySizes(session, state);
  return judgeDrill(range, { state, untouchedBefore, untouchedAfter: outside(), histories, dataDir: env.dataDir });
}

/** A closing incident still writes its record and report and brings the ticket up to date. */
async function untilWritten({ session }: Stage, workflowId: string): Promise<IncidentState | undefined> {
  const deadlineMs = Date.now() + WRITTEN_WITHIN_MS;
  const handle = session.client.workflow.getHandle(workflowId);
  while ((await handle.describe()).status.name === 'RUNNING' && Date.now() < deadlineMs) await delay(LOOK_EVERY_MS);
  return readIncident(session, workflowId);
}

/** The incident of this drill: on an embedded server there is only one. */
async function latestIncident({ session }: Stage): Promise<IncidentState | undefined> {
  for await (const { workflowId } of session.client.workflow.list({ query: `WorkflowType = 'incidentResponse'` })) {
    return readIncident(session, workflowId);
  }
  return undefined;
}

function narrateJournal(state: IncidentState, { narrator, told }: { narrator: Narrator; told: number }): number {
  const total = state.journalArchived + state.journal.length;
  for (const line of state.journal.slice(Math.max(0, told - state.journalArchived)))
    narrator.say('incident', line.who.slice(0, 12), line.text);
  return total;
}

/** With the cast: recovered, released and closed. Without: the clocks have run out and nobody is left to page. */
function isOver(state: IncidentState, { cast }: DrillOptions): boolean {
  if (state.closing) return true;
  return !cast && state.clocks.some((clock) => clock.breachedAt !== undefined) && state.ladder.nextAt === undefined;
}

async function untilInterrupted({ output }: DrillOptions, stage: Stage): Promise<void> {
  output.line(`\nLeft running until Ctrl-C. Temporal UI: ${stage.server.uiUrl ?? '(your own server)'}`);
  output.line(`In another terminal: export TEMPORAL_ADDRESS=${stage.server.address} TOURNIQUET_DATA_DIR=${stage.env.dataDir}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
