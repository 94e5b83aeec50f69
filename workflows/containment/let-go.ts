import { inForceOf } from '../../src/domain/engine/containment-view.js';
import type { ContainmentRun } from './run.js';

/**
 * Ends the containment without touching AWS. With nothing written it is *released*; otherwise the measures stay
 * in force and the state says that a person has them now. With the principal everything of ours is gone.
 */
export async function letGo(run: ContainmentRun, { reason, gone = false }: { reason: string; gone?: boolean | undefined }): Promise<void> {
  const { state } = run;
  const inForce = gone ? [] : inForceOf(state.results, state.restored);
  state.phase = 'done';
  if (inForce.length === 0) {
    await run.change(
      {
        state: 'released',
        headline: `released, nothing of ours is in AWS: ${reason}`,
        needs: [],
        inForce: [],
        releasedAt: new Date().toISOString(),
      },
      `released: ${reason}`,
    );
    return;
  }
  await run.change(
    { state: 'handedToPerson', headline: `no longer watched, still in force: ${inForce.join(', ')}; ${reason}`, needs: [], inForce },
    `handed to a person with measures in force (${inForce.join(', ')}): ${reason}`,
  );
}
