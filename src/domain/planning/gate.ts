import type { GateInput, GateResult, GuardAnswer, GuardMode } from '../../contracts/guard.js';
import type { Rails } from '../../contracts/policies.js';

/**
 * People who must sign where the tier asks for `quorum` of them: the writer and the gate count by this one rule.
 * `mode` is `undefined` when the guard cannot be reached.
 */
export function signersNeeded(
  quorum: number,
  { mode, rails }: { mode: GuardMode | undefined; rails: Pick<Rails, 'guardTroubleQuorum'> },
): number {
  if (mode === undefined) return Math.max(rails.guardTroubleQuorum, quorum);
  return mode === 'auto' ? quorum : Math.max(1, quorum);
}

/**
 * What the guard's answer means for one containment (design 7). A missing answer or a reached limit asks for
 * the consent of `guardTroubleQuorum` people; *observe* writes nothing unless a person signs "act now".
 * The no-answer rule stands in for people in mode `auto` only: `approve` means that a person always decides.
 */
export function gateFor(
  input: GateInput,
  known: { answer: GuardAnswer | undefined; rails: Pick<Rails, 'guardTroubleQuorum'> },
): GateResult {
  const { answer, rails } = known;
  const inTrouble = signersNeeded(input.quorum, { mode: undefined, rails });
  if (answer === undefined) return byQuorum(input, { quorum: inTrouble, mode: 'observe', reason: 'the guard cannot be reached' });
  if (answer.stopped)
    return {
      decision: 'hold',
      quorum: input.quorum,
      mode: answer.mode,
      reason: `guard stopped: ${answer.stopReason ?? 'no reason given'}`,
    };
  const quorum = signersNeeded(input.quorum, { mode: answer.mode, rails });
  if (answer.mode === 'observe') {
    const gate = byQuorum(input, { quorum, mode: 'observe', reason: 'mode observe: nothing is written without a signature' });
    return gate.decision === 'go' ? gate : { ...gate, decision: 'byHand' };
  }
  if (answer.limitReached) return byQuorum(input, { quorum: inTrouble, mode: answer.mode, reason: answer.detail });
  if (answer.mode === 'approve') return byQuorum(input, { quorum, mode: 'approve', reason: 'mode approve: a person signs every plan' });
  if (input.byRule) return { decision: 'go', quorum, mode: 'auto', reason: 'mode auto: the no-answer rule' };
  return byQuorum(input, { quorum, mode: 'auto', reason: `mode auto: tier ${input.tier}` });
}

function byQuorum(input: GateInput, gate: Omit<GateResult, 'decision'>): GateResult {
  return { ...gate, decision: input.consents >= gate.quorum ? 'go' : 'consent' };
}
