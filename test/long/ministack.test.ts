import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/range/random/random.js';
import { CALLS, createActor } from './ministack/calls.js';
import { ADDRESSES } from './ministack/cloud.js';
import { buildWorld, type Sides } from './ministack/compare.js';
import { aQuestion, aWorld } from './ministack/generate.js';
import { KNOWN } from './ministack/known-differences.js';
import { underScpOnMinistack, underScpOnRange } from './ministack/scp.js';
import { MINT, replay } from './ministack/shrink.js';
import { startSides } from './ministack/sides.js';
import { createTally, type Tally } from './ministack/tally.js';
import { CALLERS, type World } from './ministack/world.js';

const SEED = 20_261_122;
const WORLDS = 250;
const QUESTIONS_A_CALLER = 7;
const LEAST_PAIRS = 7_000;

test('the range and MiniStack answer 7,000 requests under random policies alike, known differences apart', async (context) => {
  const sides = await startSides(context);
  try {
    const tally = createTally(sides);
    const random = createRandom(SEED);
    for (let number = 0; number < WORLDS; number++) await compareWorld(sides, { world: aWorld(random), random, tally });
    process.stdout.write(tally.report());

    expect(tally.unlisted).toEqual([]);
    expect(tally.pairs()).toBeGreaterThanOrEqual(LEAST_PAIRS);
    expect(tally.allowed()).toBeGreaterThan(tally.pairs() / 3);
    expect(tally.pairs() - tally.allowed()).toBeGreaterThan(tally.pairs() / 3);
  } finally {
    await sides.close();
  }
});

/** Asks every caller's questions in one world, the handing out of his credentials first. */
async function compareWorld(sides: Sides, { world, random, tally }: { world: World; random: Random; tally: Tally }): Promise<void> {
  const built = await buildWorld(sides, world);
  for (const caller of CALLERS) {
    const minted = await built.mint(caller);
    await tally.add({ world, question: { caller, ask: MINT, sourceIp: ADDRESSES[0] }, ...minted });
    const questions = Array.from({ length: QUESTIONS_A_CALLER }, () => aQuestion(random, caller));
    if (minted.range !== 'allowed' || minted.ministack !== 'allowed') continue;
    for (const question of questions) await tally.add({ world, question, ...(await built.ask(question)) });
  }
}

test('every known difference still shows in its smallest form, so that none stays listed when it is gone', async (context) => {
  const sides = await startSides(context);
  try {
    const shown: unknown[] = [];
    for (const { name, example, holds } of KNOWN) {
      const answers = await replay(sides, example.world, example.question);
      shown.push({ name, ...answers, isHeld: holds(example) });
    }

    expect(shown).toEqual(KNOWN.map(({ name, example: { range, ministack } }) => ({ name, range, ministack, isHeld: true })));
  } finally {
    await sides.close();
  }
});

test('keys, sessions, quotas and the simulator answer as listed on both sides', async (context) => {
  const sides = await startSides(context);
  try {
    const shown: unknown[] = [];
    for (const [number, { name, play }] of CALLS.entries()) {
      const range = await play(await createActor(sides.range, 1_000_000 + number));
      const ministack = await play(await createActor(sides.ministack, 1_000_000 + number));
      shown.push({ name, range, ministack });
    }

    expect(shown).toEqual(
      CALLS.map(({ name, answers }) =>
        typeof answers === 'string'
          ? { name, range: answers, ministack: answers }
          : { name, range: answers.range, ministack: answers.ministack },
      ),
    );
  } finally {
    await sides.close();
  }
});

test('an SCP binds a member account on the range, and not on MiniStack, which stores it only', async (context) => {
  const sides = await startSides(context);
  try {
    expect(await underScpOnRange()).toBe('AccessDenied');
    expect(await underScpOnMinistack(sides.ministackUrl)).toBe('allowed');
  } finally {
    await sides.close();
  }
});
