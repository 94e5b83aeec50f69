import type { CellResult } from './result.js';
import { cellName, type Job } from './grid.js';
import { createIncident, type Incident } from './incident.js';
import type { Claim } from './containment.js';
import { falseAtOnce, judgeRun } from './judge-run.js';
import { setVirtualStage, type VirtualStage } from './virtual-stage.js';

/** Virtual time moves so far between two looks. */
const STEP_MS = 250;
/** A run that is not over by then is judged as it stands. */
const LIMIT_SECONDS = 240;
/** Nothing new for so long after everything is proven: the run is over. */
const CALM_SECONDS = 12;

/** Plays one run to its end: attack, alerts, containment, until everything in scope is proven and stays so, or time is up. */
export async function runJob(job: Job): Promise<CellResult> {
  const startedMs = performance.now();
  const stage = await setVirtualStage(job);
  const incident = createIncident(stage);
  const startAt = stage.clock.now();
  const falseClaims: string[] = [];
  const checked = new Set<Claim>();
  try {
    stage.range.startActors();
    let calmSince: number | undefined;
    let scope = 0;
    while (stage.clock.now() - startAt < LIMIT_SECONDS * 1000) {
      await stage.clock.advance(STEP_MS);
      incident.look();
      const all = [...incident.containments.values()];
      for (const one of all) {
        const claim = one.claims.at(-1);
        if (claim === undefined || checked.has(claim)) continue;
        checked.add(claim);
        falseClaims.push(...falseAtOnce(stage, one, claim));
      }
      const settled = all.length > 0 && all.every((one) => one.proven() !== undefined) && all.length === scope;
      scope = all.length;
      calmSince = settled ? (calmSince ?? stage.clock.now()) : undefined;
      if (calmSince !== undefined && stage.clock.now() - calmSince >= CALM_SECONDS * 1000) break;
    }
    const verdict = judgeRun(stage, { incident, startAt, falseClaims });
    return { ...verdict, ...job, name: cellName(job.cell), realSeconds: (performance.now() - startedMs) / 1000 };
  } finally {
    await close(stage, incident);
  }
}

async function close(stage: VirtualStage, incident: Incident): Promise<void> {
  const actors = stage.range.stopActors();
  await incident.stop();
  await actors;
  await stage.close();
}
