import { parsePayload } from '../../src/contracts/failures.js';
import { GateInput, type GateResult, type GuardAnswer } from '../../src/contracts/guard.js';
import type { Rails } from '../../src/contracts/policies.js';
import { gateFor } from '../../src/domain/planning/gate.js';
import type { Guard } from '../../src/ports/guard.js';

export interface GateDeps {
  readonly guard: Guard;
  readonly rails: () => Promise<Rails>;
}

/**
 * `askGuard`: what the guard's mode, stop and limits mean for this containment. Changes nothing. A guard that
 * cannot be reached is an answer too: then two people decide (design 7).
 */
export function createAskGuard({ guard, rails }: GateDeps): (input: GateInput) => Promise<GateResult> {
  return (raw) => gate(raw, { rails, request: (input) => guard.ask(input) });
}

/** `reserveContainment`: the same just before the first write, taking one place of the limits. Repeating it takes no second. */
export function createReserveContainment({ guard, rails }: GateDeps): (input: GateInput) => Promise<GateResult> {
  return (raw) => gate(raw, { rails, request: (input) => guard.reserve(input) });
}

async function gate(
  raw: GateInput,
  {
    rails,
    request,
  }: {
    rails: () => Promise<Rails>;
    request: (input: { account: string; containmentId: string; descent?: boolean | undefined }) => Promise<GuardAnswer>;
  },
): Promise<GateResult> {
  const input = parsePayload(GateInput, raw, 'gate');
  const { account, containmentId, byDescent: descent } = input;
  const answer = await request({ account, containmentId, ...(descent === undefined ? {} : { descent }) }).catch(() => undefined);
  return gateFor(input, { answer, rails: await rails() });
}
