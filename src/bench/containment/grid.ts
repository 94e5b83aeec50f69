import { THEFTS, type AttackerKind, type Theft } from '../../range/index.js';

/** Who attacks: all but the insider, whom no containment tells from the holder. */
export const RIVALS = ['opportunist', 'persister', 'juggler'] as const satisfies readonly AttackerKind[];

/** Seconds until a change is enforced; each change draws from a fifth around it. */
export const PROPAGATIONS = [0, 3, 8] as const;

/** With the SCP guard and quarantine SCP, or one account alone. */
export const SETTINGS = ['organization', 'standalone'] as const;
export type Setting = (typeof SETTINGS)[number];

/** One cell of the table. */
export interface Cell {
  readonly theft: Theft;
  readonly attacker: AttackerKind;
  readonly propagationSeconds: number;
  readonly setting: Setting;
}

/** What a run is sabotaged with: the verdict must notice. */
export type Sabotage = 'measureDoesNothing' | 'verifySaysYes';

/** One run of one cell. */
export interface Job {
  readonly cell: Cell;
  readonly seed: number;
  readonly sabotage?: Sabotage;
}

/** An account without an organization has no Identity Center, and no policy binds its root user. */
const ONLY_IN_ORGANIZATION: readonly Theft[] = ['permissionSetRole', 'memberRoot'];

/** Every cell with its seeds; quick: one seed of a few cells that cover the ways that differ most. */
export function jobsOf({ quick, only, seeds }: { quick: boolean; only: string; seeds: number }): Job[] {
  const cells = SETTINGS.flatMap((setting) =>
    THEFTS.filter((theft) => setting === 'organization' || !ONLY_IN_ORGANIZATION.includes(theft)).flatMap((theft) =>
      RIVALS.flatMap((attacker) => PROPAGATIONS.map((propagationSeconds) => ({ theft, attacker, propagationSeconds, setting }))),
    ),
  );
  const sabotaged = SABOTAGES.map((sabotage): Job => ({ cell: SABOTAGED_CELL, seed: 1, sabotage }));
  if (quick) return [...QUICK.map((cell): Job => ({ cell, seed: 1 })), ...sabotaged];
  const wanted = cells.filter((cell) => cellName(cell).includes(only));
  return [...wanted.flatMap((cell) => Array.from({ length: seeds }, (_, index): Job => ({ cell, seed: index + 1 }))), ...sabotaged];
}

const SABOTAGES: readonly Sabotage[] = ['measureDoesNothing', 'verifySaysYes'];

/** Contained when nothing is sabotaged: a session outlives its key, so only the denies stop it. */
const SABOTAGED_CELL: Cell = { theft: 'sessionToken', attacker: 'opportunist', propagationSeconds: 0, setting: 'organization' };

const QUICK: readonly Cell[] = [
  { theft: 'userKey', attacker: 'persister', propagationSeconds: 3, setting: 'organization' },
  { theft: 'userKey', attacker: 'persister', propagationSeconds: 3, setting: 'standalone' },
  { theft: 'roleSession', attacker: 'juggler', propagationSeconds: 3, setting: 'organization' },
  { theft: 'permissionSetRole', attacker: 'opportunist', propagationSeconds: 0, setting: 'organization' },
  { theft: 'memberRoot', attacker: 'persister', propagationSeconds: 0, setting: 'organization' },
];

/** `userKey persister 3s organization`. */
export function cellName({ theft, attacker, propagationSeconds, setting }: Cell): string {
  return `${setting} ${theft} ${attacker} ${propagationSeconds}s`;
}
