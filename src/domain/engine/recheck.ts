import type { Waits } from '../../contracts/playbook.js';

/** Milliseconds until the next re-check, `sinceMs` after counting began: the ladder's last row has no end (`waits.yaml`). */
export function recheckMs({ recheckLadder }: Waits, sinceMs: number): number {
  const row = recheckLadder.find(({ untilSeconds }) => untilSeconds === undefined || sinceMs < untilSeconds * 1000);
  return (row?.everySeconds ?? 300) * 1000;
}
