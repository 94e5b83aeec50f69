import type { Random } from '../../../src/range/random/random.js';
import { IAM_ASKS, OTHER_ASKS } from './asks.js';
import {
  ACTIONS,
  CONDITIONS,
  CONTESTED,
  CONTESTED_RESOURCES,
  RESOURCES,
  TRUST_CONDITIONS,
  TRUSTED,
  type ConditionParts,
} from './alphabet.js';
import { ADDRESSES } from './cloud.js';
import { LAYERS, type Caller, type Layer, type Statement, type World } from './world.js';

/** One request of one caller. */
export type Question = { readonly caller: Caller; readonly ask: string; readonly sourceIp: string };

/** How likely a layer is there at all. */
const LIKELY: Readonly<Record<Layer, number>> = {
  userInline: 0.95,
  userManaged: 0.5,
  groupInline: 0.4,
  groupManaged: 0.2,
  userBoundary: 0.25,
  roleInline: 0.95,
  roleManaged: 0.5,
  roleBoundary: 0.25,
  session: 0.4,
  trust: 0.6,
};

/** Layers that begin with an allowance of everything more often than not: otherwise hardly a request would pass. */
const OPENED: readonly Layer[] = ['userInline', 'userBoundary', 'roleInline', 'roleBoundary', 'session'];
const OPENED_SHARE = 0.6;
/** Share of statements with something of which one of the clouds is known to make something else. */
const CONTESTED_SHARE = 0.2;
/** STS takes session policies of 2,048 characters (STS API reference, AssumeRole). */
const MOST_STATEMENTS = 2;

/** A random world. */
export function aWorld(random: Random): World {
  const world: Partial<Record<Layer, readonly Statement[]>> = {};
  for (const layer of LAYERS) {
    if (random.next() >= LIKELY[layer]) continue;
    const statements = Array.from({ length: 1 + Math.floor(random.next() * MOST_STATEMENTS) }, () =>
      layer === 'trust' ? aTrust(random) : aStatement(random),
    );
    const isOpened = OPENED.includes(layer) && random.next() < OPENED_SHARE;
    world[layer] = isOpened ? [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }, ...statements] : statements;
  }
  return world;
}

/** A random request. IAM refuses sessions without MFA whatever policies say, so those ask it rarely. */
export function aQuestion(random: Random, caller: Caller): Question {
  const iamShare = caller === 'userKey' || caller === 'roleSession' ? 0.55 : 0.05;
  const ask = one(random, Object.keys(random.next() < iamShare ? IAM_ASKS : OTHER_ASKS));
  return { caller, ask, sourceIp: one(random, ADDRESSES) };
}

function aStatement(random: Random): Statement {
  const isContested = random.next() < CONTESTED_SHARE;
  const resources = isContested && random.next() < 0.3 ? CONTESTED_RESOURCES : RESOURCES;
  const actions = some(random, ACTIONS);
  // Most statements reach everything: a request that no statement fits tests little.
  const Resource = random.next() < 0.4 && resources === RESOURCES ? ['*'] : some(random, resources);
  return {
    Effect: random.next() < 0.65 ? 'Allow' : 'Deny',
    ...(random.next() < 0.1 ? { NotAction: actions } : { Action: actions }),
    ...(random.next() < 0.1 ? { NotResource: Resource } : { Resource }),
    ...conditionOf(random, isContested ? CONTESTED : CONDITIONS),
  };
}

function aTrust(random: Random): Statement {
  // Those that name one caller alone are contested.
  const choices = random.next() < CONTESTED_SHARE ? TRUSTED : TRUSTED.slice(0, -3);
  return {
    Effect: random.next() < 0.8 ? 'Allow' : 'Deny',
    Principal: { AWS: random.next() < 0.5 ? TRUSTED[0] : one(random, choices) },
    Action: [one(random, ['sts:AssumeRole', 'sts:*', 'sts:AssumeRole', 'sts:TagSession'])],
    ...conditionOf(random, TRUST_CONDITIONS),
  };
}

function conditionOf(random: Random, choices: readonly ConditionParts[]): Pick<Statement, 'Condition'> {
  const drawn = random.next();
  const count = choices === CONTESTED ? 1 : drawn < 0.45 ? 0 : drawn < 0.85 ? 1 : 2;
  if (count === 0) return {};
  const Condition: Record<string, Record<string, readonly string[]>> = {};
  for (let index = 0; index < count; index++) {
    const [operator, key, ...values] = one(random, choices);
    Condition[operator] = { ...Condition[operator], [key]: values };
  }
  return { Condition };
}

function some<T>(random: Random, choices: readonly T[]): T[] {
  return random.next() < 0.7 ? [one(random, choices)] : [one(random, choices), one(random, choices)];
}

function one<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[Math.floor(random.next() * choices.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}
