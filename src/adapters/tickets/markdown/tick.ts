import { text } from '../../../domain/engine/markdown.js';
import { plainText } from '../../../domain/engine/plain-text.js';

/** The box of a sub-task, as it is written first. A person ticks it and may add a name. */
export const BOX = '- [ ] Done by: ';

/** Foreign text is encoded, so its brackets never make a box; the first line that is one is ours. */
const LINE = /^[-*] \[([ xX])\] Done by:(.*)$/m;

/** Whether the box is ticked, and by whom where a name stands behind it. */
export function readTick(page: string): { done: boolean; doneBy?: string } {
  const found = LINE.exec(page);
  const name = plainText(found?.[2] ?? '', 200);
  return found?.[1]?.toLowerCase() === 'x' ? { done: true, ...(name === '' ? {} : { doneBy: name }) } : { done: false };
}

/** Ticks the box for the incident itself and says how the task ended. */
export function tick(page: string, ended?: string): string {
  const ticked = page.replace(LINE, '- [x] Done by: Tourniquet');
  return ended === undefined ? ticked : `${ticked}\nThis task is closed: ${text(ended, 1_000)}\n`;
}
