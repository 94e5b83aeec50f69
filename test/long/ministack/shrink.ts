import { buildWorld, type Answers, type Sides } from './compare.js';
import type { Question } from './generate.js';
import { LAYERS, LAYERS_OF, type Layer, type Statement, type World } from './world.js';

/** A request that the two sides answer differently, and what they answer. The request `mint` hands out the caller's credentials. */
export type Difference = { readonly world: World; readonly question: Question } & Answers;

/** The request that hands out a caller's credentials. */
export const MINT = 'mint';

/** What is left of a difference when every statement and condition without which it stays is taken away. */
export async function shrink(sides: Sides, difference: Difference): Promise<Difference> {
  let smallest = difference;
  const attempt = async (world: World): Promise<boolean> => {
    const answers = await replay(sides, world, difference.question);
    if (answers === undefined || answers.range === answers.ministack) return false;
    smallest = { world, question: difference.question, ...answers };
    return true;
  };
  await attempt(onlyLayers(smallest.world, LAYERS_OF[difference.question.caller]));
  for (const layer of LAYERS) if (smallest.world[layer] !== undefined) await attempt(onlyLayers(smallest.world, allBut(layer)));
  for (const smaller of [withoutStatement, withoutCondition]) {
    let index = 0;
    for (let world = smaller(smallest.world, index); world !== undefined; world = smaller(smallest.world, index))
      if (!(await attempt(world))) index += 1;
  }
  return smallest;
}

/** Builds a world anew and makes one request in it; undefined when a side does not hand out the credentials. */
export async function replay(sides: Sides, world: World, question: Question): Promise<Answers | undefined> {
  const built = await buildWorld(sides, world);
  const minted = await built.mint(question.caller);
  if (question.ask === MINT) return minted;
  return minted.range === 'allowed' && minted.ministack === 'allowed' ? built.ask(question) : undefined;
}

function onlyLayers(world: World, layers: readonly Layer[]): World {
  return Object.fromEntries(layers.flatMap((layer) => (world[layer] === undefined ? [] : [[layer, world[layer]]])));
}

function allBut(left: Layer): Layer[] {
  return LAYERS.filter((layer) => layer !== left);
}

/** The world without its statement of that number; the last one of a layer stays, or the layer would go with it. */
function withoutStatement(world: World, number: number): World | undefined {
  let seen = 0;
  for (const layer of LAYERS) {
    const statements = world[layer] ?? [];
    if (statements.length < 2) continue;
    if (number < seen + statements.length) return { ...world, [layer]: statements.toSpliced(number - seen, 1) };
    seen += statements.length;
  }
  return undefined;
}

/** The world without its condition operator of that number. */
function withoutCondition(world: World, number: number): World | undefined {
  let seen = 0;
  for (const layer of LAYERS) {
    for (const [index, statement] of (world[layer] ?? []).entries()) {
      const operators = Object.keys(statement.Condition ?? {});
      const operator = operators[number - seen];
      if (operator !== undefined) return { ...world, [layer]: (world[layer] ?? []).with(index, without(statement, operator)) };
      seen += operators.length;
    }
  }
  return undefined;
}

function without({ Condition = {}, ...statement }: Statement, operator: string): Statement {
  const rest = Object.entries(Condition).filter(([name]) => name !== operator);
  return rest.length === 0 ? statement : { ...statement, Condition: Object.fromEntries(rest) };
}
