import type { Job } from './grid.js';
import type { CellResult } from './result.js';

/** Somebody who plays one job at a time. */
export interface Player {
  play(job: Job): Promise<CellResult>;
  dismiss(): void;
}

/** Plays all jobs with a few players side by side; results come in the order of the jobs. @throws Error when a run breaks */
export async function playJobs(
  jobs: readonly Job[],
  { players, hire, onResult }: { players: number; hire: () => Player; onResult: (result: CellResult) => void },
): Promise<CellResult[]> {
  const results = new Map<number, CellResult>();
  const open = jobs.entries();
  const work = async (): Promise<void> => {
    const player = hire();
    try {
      for (const [index, job] of open) {
        const result = await player.play(job);
        results.set(index, result);
        onResult(result);
      }
    } finally {
      player.dismiss();
    }
  };
  await Promise.all(Array.from({ length: players }, work));
  return jobs.flatMap((_, index) => results.get(index) ?? []);
}
