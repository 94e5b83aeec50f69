import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pc from 'picocolors';
import type { Output } from '../../../cli/output.js';
import type { IncidentState } from '../../../contracts/incident.js';
import { type Cast, createCast } from '../../../drill/cast.js';
import { createDelivery } from '../../../drill/delivery.js';
import { createNarrator, type Narrator } from '../../../drill/narrator.js';
import type { DrillOptions } from '../../../drill/options.js';
import { setStage, type Stage } from '../../../drill/stage.js';
import { createPolicies } from '../../../playbooks/load.js';
import type { Claim } from '../containment.js';
import { cellName, type Job } from '../grid.js';
import { falseAtOnce, judgeRun } from '../judge-run.js';
import type { CellResult } from '../result.js';
import { createIncidents, type Incidents } from './incidents.js';

/** Between two looks. */
const LOOK_MS = 500;
/** A cell that is not over by then is judged as it stands. */
const LIMIT_SECONDS = 240;
/** Nothing new for so long after everything is proven, or after the last way in has stopped working: the cell is over. */
const CALM_SECONDS = { proven: 12, contained: 60 } as const;
/** The event copy of a wired account, as in the virtual bench. */
const CLOUDTRAIL_DELAY_SECONDS = { min: 2, max: 6 };

/** One run of one cell through a Temporal server, the workers and the range over HTTP, by the machine's clock. */
export async function playCell(job: Job): Promise<CellResult> {
  const startedMs = performance.now();
  const lines: string[] = [];
  const options = optionsOf(job, lines);
  const narrator = createNarrator({ ...options, nowMs: Date.now });
  const messages: unknown[] = [];
  const stage = await setStage(options, { narrator, onAlert: (message) => void messages.push(message) });
  try {
    const verdict = await play({ stage, narrator, messages });
    const name = cellName(job.cell);
    narrator.say('drill', 'bench', JSON.stringify(verdict, undefined, 2));
    return { ...verdict, ...job, name, realSeconds: (performance.now() - startedMs) / 1000 };
  } finally {
    await stage.close();
    await writeFile(join(stage.env.dataDir, 'narration.log'), `${lines.join('\n')}\n`);
  }
}

/** A drill whose guard lets the tier decide; what is said goes to a file of the cell's. */
function optionsOf({ cell, seed }: Job, lines: string[]): DrillOptions {
  const { theft, attacker, propagationSeconds: lag } = cell;
  const note = (text: string): void => void lines.push(text);
  const output: Output = { line: note, json: (value) => note(JSON.stringify(value)), error: note, colors: pc.createColors(false) };
  return {
    output,
    json: false,
    keep: false,
    cast: true,
    interactive: undefined,
    mode: 'auto',
    scenario: cell.setting,
    seed,
    limitSeconds: LIMIT_SECONDS,
    range: {
      theft,
      attacker,
      attackerMakes: false,
      propagationSeconds: { min: lag * 0.8, max: lag * 1.2 },
      cloudTrailDelaySeconds: CLOUDTRAIL_DELAY_SECONDS,
    },
  };
}

interface Scene {
  readonly stage: Stage;
  readonly narrator: Narrator;
  readonly messages: unknown[];
}

async function play({ stage, narrator, messages }: Scene): Promise<ReturnType<typeof judgeRun>> {
  const { range } = stage;
  const cast = await openCast(stage, narrator);
  const deliver = createDelivery(stage, narrator);
  const incidents = createIncidents(stage.session);
  const falseClaims: string[] = [];
  const checked = new Set<Claim>();
  const told = new Map<string, number>();
  const ending = createEnding(stage, incidents);
  const startAt = Date.now();
  let alertAt: number | undefined;
  range.startActors();
  while (Date.now() - startAt < LIMIT_SECONDS * 1000) {
    for (const message of messages.splice(0)) {
      alertAt ??= Date.now();
      await deliver(message);
    }
    await incidents.look((state) => {
      narrate(state, { narrator, told });
      cast.act(containing(state));
    });
    for (const one of incidents.containments.values()) {
      const claim = one.proven();
      if (claim === undefined || checked.has(claim)) continue;
      checked.add(claim);
      falseClaims.push(...falseAtOnce(stage, one, claim));
    }
    if (ending.hasCome()) break;
    await delay(LOOK_MS);
  }
  const verdict = judgeRun({ range, clock: { now: Date.now } }, { incident: incidents, startAt, alertAt: alertAt ?? startAt, falseClaims });
  await range.stopActors();
  return verdict;
}

/** Two people who may approve, by the CLI's own code path; the guard lets the tier decide in every account. */
async function openCast(stage: Stage, narrator: Narrator): Promise<Cast> {
  const policies = createPolicies(stage.env.policyDir);
  const [{ people }, { approverTeams, accounts }] = await Promise.all([policies.people(), policies.rails()]);
  const cast = createCast({ stage, narrator, people, approverTeams, played: undefined, ask: async () => undefined });
  const manager = people.find(({ teams }) => teams.includes('incident-management'));
  if (manager === undefined) throw new Error('people.yaml has nobody in incident-management');
  for (const account of accounts) await cast.perform(manager.subject, ['guard', 'mode', account, 'auto']);
  return cast;
}

/** What people do here: validate and contain. Nobody recovers, so that nothing is lifted while the cell is judged. */
function containing(state: IncidentState): IncidentState {
  const tasks = state.tasks.filter(({ kind, stepId, consent }) =>
    kind === 'consent' ? consent?.action === 'contain' : stepId === 'contain' || stepId === 'validate',
  );
  return { ...state, tasks };
}

/** Over when everything has been proven, or no way in has worked, for a while without anything new in scope. */
function createEnding({ range }: Stage, { containments, areClaimed }: Incidents): { hasCome: () => boolean } {
  let scope = 0;
  let provenSince: number | undefined;
  let containedSince: number | undefined;
  const isOver = (since: number | undefined, seconds: number): boolean => since !== undefined && Date.now() - since >= seconds * 1000;
  return {
    hasCome: () => {
      const all = [...containments.values()];
      const isCalm = all.length > 0 && all.length === scope && areClaimed();
      scope = all.length;
      const proven = isCalm && all.every((one) => one.proven() !== undefined || one.isOver());
      provenSince = proven ? (provenSince ?? Date.now()) : undefined;
      const contained = isCalm && range.attackerAccess().every(({ alive }) => !alive);
      containedSince = contained ? (containedSince ?? Date.now()) : undefined;
      return isOver(provenSince, CALM_SECONDS.proven) || isOver(containedSince, CALM_SECONDS.contained);
    },
  };
}

function narrate(state: IncidentState, { narrator, told }: { narrator: Narrator; told: Map<string, number> }): void {
  const { incidentId, journal, journalArchived } = state;
  for (const line of journal.slice(Math.max(0, (told.get(incidentId) ?? 0) - journalArchived)))
    narrator.say('incident', line.who.slice(0, 12), line.text);
  told.set(incidentId, journalArchived + journal.length);
}
