import type { Difference } from './shrink.js';

/** A known reason why the two answer differently. */
export type Known = {
  readonly name: string;
  /** Who answers as AWS does; `neither` when both do, in different surroundings. */
  readonly right: 'range' | 'MiniStack' | 'neither';
  /** What AWS does, and where that is written. */
  readonly why: string;
  /** Set when the request alone decides, whatever the policies say: then the difference need not be shrunk. */
  readonly byRequest?: true;
  readonly holds: (difference: Difference) => boolean;
  /** The difference in its smallest form, with both answers. */
  readonly example: Difference;
};
