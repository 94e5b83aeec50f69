import type { TestContext } from 'vitest';
import { MINISTACK } from '../../fixtures/emulators/ministack.js';
import { emulatorOrSkip } from '../../fixtures/emulators/skip.js';
import { aRange } from '../../fixtures/range.js';
import { ACCOUNT, createCloud } from './cloud.js';
import type { Sides } from './compare.js';
import { createTargets } from './targets.js';

/** Both sides, running, with the targets of all requests. */
export type RunningSides = Sides & {
  readonly ministackUrl: string;
  /** Ends the range; MiniStack ends with the test. */
  close(): Promise<void>;
};

/** Starts a range and MiniStack over HTTP; skips the test, in print, when this machine cannot fetch MiniStack. */
export async function startSides(context: TestContext): Promise<RunningSides> {
  const ministackUrl = await emulatorOrSkip(context, MINISTACK);
  const range = await aRange();
  const clouds = { range: createCloud('range', range.endpoint), ministack: createCloud('MiniStack', ministackUrl) };
  const close = async (): Promise<void> => {
    clouds.range.close();
    clouds.ministack.close();
    await range.stop();
  };
  try {
    const root = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
    return {
      range: { cloud: clouds.range, administrator: await createTargets(clouds.range, range.identities.admin) },
      ministack: { cloud: clouds.ministack, administrator: await createTargets(clouds.ministack, root) },
      ministackUrl,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
