import type { CellResult } from './result.js';
import { cellName, type Job } from './grid.js';
import { createIncident, type Incident } from './incident.js';
import type { Claim, Containment } from './containment.js';
import { falseAtOnce, judgeRun } from './judge-run.js';
import { setVirtualStage, type VirtualStage } from './virtual-stage.js';

/** Virtual time moves so far between two looks. */
const STEP_MS = 250;
/** The range's evaluation of every credential is asked this often. */
const ASK_MS = 2_000;
/** A run that is not over by then is judged as it stands. Without the guard a fight has no end: a minute and a half shows who is winning. */
const LIMIT_SECONDS = { organization: 240, standalone: 90 } as const;
/** Nothing new for so long after everything is proven, or after the last way in has stopped working: the run is over. */
const CALM_SECONDS = { proven: 12, contained: 45 } as const;

/** Plays one run to its end: attack, alerts, containment, until everything in scope is proven and stays so, or time is up. */
export async function runJob(job: Job): Promise<CellResult> {
  const startedMs = performance.now();
  const stage = await setVirtualStage(job);
  const incident = createIncident(stage);
  const startAt = stage.clock.now();
  let alertAt: number | undefined;
  const falseClaims: string[] = [];
  const checked = new Set<Claim>();
  try {
    stage.range.startActors();
    let provenSince: number | undefined;
    let containedSince: number | undefined;
    let scope = 0;
    while (stage.clock.now() - startAt < LIMIT_SECONDS[job.cell.setting] * 1000) {
      await stage.clock.advance(STEP_MS);
      incident.look();
      // Seconds count from here: before the alert nobody knows.
      if (incident.heard()) alertAt ??= stage.clock.now();
      const all = [...incident.containments.values()];
      for (const [one, claim] of freshClaims(all, checked)) falseClaims.push(...falseAtOnce(stage, one, claim));
      const now = stage.clock.now();
      const isNew = all.length !== scope;
      scope = all.length;
      const proven = all.length > 0 && !isNew && all.every((one) => one.proven() !== undefined);
      provenSince = proven ? (provenSince ?? now) : undefined;
      if ((now - startAt) % ASK_MS === 0) {
        const contained = all.length > 0 && stage.range.attackerAccess().every(({ alive }) => !alive);
        containedSince = contained ? (containedSince ?? now) : undefined;
      }
      if (isNew) containedSince = undefined;
      if (isOver(provenSince, CALM_SECONDS.proven, now) || isOver(containedSince, CALM_SECONDS.contained, now)) break;
    }
    const verdict = judgeRun(stage, { incident, startAt, alertAt: alertAt ?? startAt, falseClaims });
    return { ...verdict, ...job, name: cellName(job.cell), realSeconds: (performance.now() - startedMs) / 1000 };
  } finally {
    await close(stage, incident);
  }
}

/** Claims that were not held against the range yet. */
function freshClaims(all: readonly Containment[], checked: Set<Claim>): [Containment, Claim][] {
  return all.flatMap((one): [Containment, Claim][] => {
    const claim = one.claims.at(-1);
    if (claim === undefined || checked.has(claim)) return [];
    checked.add(claim);
    return [[one, claim]];
  });
}

function isOver(since: number | undefined, calmSeconds: number, now: number): boolean {
  return since !== undefined && now - since >= calmSeconds * 1000;
}

async function close(stage: VirtualStage, incident: Incident): Promise<void> {
  const actors = stage.range.stopActors();
  await incident.stop();
  await actors;
  await stage.close();
}
