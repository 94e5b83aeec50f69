import type { Arsenal, Foothold, Principal } from './arsenal.js';
import { readBelongings, type Belongings } from './belongings.js';
import type { Stage } from './stage.js';
import { OWN_POLICY, putOwnPolicy, strip } from './strip.js';

/** An attacker's eye on the principals he acts as. */
export interface PrincipalWatch {
  /** Looks once, and undoes what is new since the first look. */
  look(stage: Stage, principal: Principal): Promise<void>;
  /** Takes a principal of his own making into view, which has his own policy and nothing else. */
  expect(principal: Principal): void;
  /** What is in view besides the first, in the order of coming. */
  others(): readonly Principal[];
}

const BARE: Belongings = { inline: [OWN_POLICY], attached: [], groups: [], boundary: undefined, inactiveKeys: [] };

/** Makes a watch that has seen nothing. */
export function watchPrincipals(arsenal: Arsenal): PrincipalWatch {
  const baselines = new Map<string, Belongings>();
  const gone = new Set<string>();
  const made: Principal[] = [];

  const read = async (stage: Stage, principal: Principal): Promise<Belongings | undefined> => {
    const [first] = arsenal.footholds;
    for (const reader of readersOf(arsenal, principal)) {
      const found = await readBelongings(stage, { iam: reader.clients.iam, principal });
      reader.works = found !== 'refused';
      if (found === 'gone' && principal !== first?.principal) gone.add(principal.arn);
      if (found !== 'refused') return found === 'gone' ? undefined : found;
    }
    return undefined;
  };

  return {
    look: async (stage, principal) => {
      const now = await read(stage, principal);
      if (now === undefined) return;
      const at = { arsenal, stage, principal };
      const before = baselines.get(principal.arn);
      if (before !== undefined) return strip(at, { before, now });
      const isOwn = principal.kind !== 'root' && (await putOwnPolicy(at)).allowed;
      baselines.set(principal.arn, isOwn ? { ...now, inline: [...now.inline, OWN_POLICY] } : now);
    },
    expect: (principal) => {
      baselines.set(principal.arn, BARE);
      made.push(principal);
    },
    others: () => {
      const [first] = arsenal.footholds;
      const taken = arsenal.footholds.map((foothold) => foothold.principal);
      const all = new Map([...taken, ...made].map((principal) => [principal.arn, principal]));
      return [...all.values()].filter(({ arn, kind }) => arn !== first?.principal.arn && kind !== 'root' && !gone.has(arn));
    },
  };
}

/** Who can look: root looks at itself only; of the others one that works, and when none does the oldest, because a refusal may end. */
function readersOf({ footholds }: Arsenal, principal: Principal): Foothold[] {
  const able = footholds.filter(({ callsIam, principal: own }) => callsIam && (principal.kind !== 'root' || own.kind === 'root'));
  const working = able.filter(({ works }) => works);
  return working.length > 0 ? working.slice(0, 2) : able.slice(0, 1);
}
