import type { ContainmentState } from '../../../contracts/containment.js';
import type { Claim } from '../containment.js';
import type { JudgedContainment } from '../judge-run.js';

/** One running containment as its page shows it. */
export interface Watched extends JudgedContainment {
  /** Takes the newest state; a new claim of *proven* is remembered. */
  readonly take: (state: ContainmentState) => void;
  /** Nothing is left to prove: its principal is gone. */
  readonly isOver: () => boolean;
}

/** Follows a containment from its first state on. */
export function createWatched(first: ContainmentState): Watched {
  let state = first;
  let appliedAt: number | undefined;
  const claims: Claim[] = [];
  const standing = (): Claim | undefined => {
    const { state: status, provenAt, effectiveFromAt } = state.view;
    if (status !== 'proven' || provenAt === undefined || effectiveFromAt === undefined) return undefined;
    return (
      claims.find(({ at }) => at === Date.parse(provenAt)) ?? { at: Date.parse(provenAt), effectiveFromMs: Date.parse(effectiveFromAt) }
    );
  };
  const take = (next: ContainmentState): void => {
    state = next;
    // A plan that is made again is applied again: what counts is the first time.
    appliedAt ??= moment(next.view.appliedAt);
    const claim = standing();
    if (claim !== undefined && !claims.includes(claim)) claims.push(claim);
  };
  take(first);
  return {
    get principal() {
      return state.view.principal;
    },
    take,
    isOver: () => state.view.state === 'released',
    plan: () => state.plan,
    appliedAt: () => appliedAt,
    effectiveFromAt: () => moment(state.view.effectiveFromAt),
    proven: standing,
    openQuestion: () => `${state.view.state}: ${state.view.headline}`,
    claims,
    get refused() {
      const { failedMeasures, withdrawn } = state.view;
      const failed = failedMeasures.map(({ measure, target, reason }) => `${measure} ${target}: ${reason}`);
      return [...(state.plan?.refusals ?? []), ...failed, ...(withdrawn > 0 ? [`proven was withdrawn ${withdrawn} times`] : [])];
    },
  };
}

function moment(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Date.parse(at);
}
