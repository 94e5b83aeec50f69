import { sleep } from '@temporalio/workflow';
import type { ContainmentOrder } from '../../src/contracts/containment.js';
import { inForceOf, isCredential, keyOf } from '../../src/domain/engine/containment-view.js';
import { failureReason } from './failure-reason.js';
import { inUndoOrder, undoOne } from './restore-phase.js';
import { type ContainmentRun, takeAuthority } from './run.js';
import { writeInput } from './write-input.js';
import { applyMeasure } from './write-measure.js';

/** Takes the order to recover: from here on the consents to *recover* are the authority. */
export async function beginRecovery(
  run: ContainmentRun,
  { consents, issuedKeyIds }: Extract<ContainmentOrder, { order: 'recover' }>,
): Promise<void> {
  const { state } = run;
  takeAuthority(run, { by: 'people', consents, alerts: [] });
  state.recovery = { ...state.recovery, issuedKeyIds };
  state.phase = 'recover';
  await run.change(
    { state: 'recovering', headline: 'older sessions are being revoked, then the denies are lifted', needs: [] },
    'recovery begins: people consented',
  );
}

/**
 * Recover (design 9.4): first every session issued until now is revoked and the revocation has had time to spread, then
 * the denies come off. Old credentials stay switched off for ever. Of a root user and of a person of Identity Center no session can be
 * revoked: their denies stay until the longest session from before the containment has ended.
 */
export async function recoverPhase(run: ContainmentRun): Promise<void> {
  const { state, waits } = run;
  const { plan, recovery } = state;
  if (!plan || !recovery) throw new Error('nothing to recover from');
  if (recovery.revokedAt === undefined && plan.recovery.length === 0) {
    if (!(await sessionsEnded(run))) return;
  } else if (recovery.revokedAt === undefined) {
    if (!(await revoke(run))) return;
    // The denies must not be gone before the revocation holds everywhere (aws-domain 2.2).
    await sleep(waits.settleSeconds * 1000, { summary: `revocation of ${plan.principal.name}'s sessions spreads` });
  }
  for (const result of inUndoOrder(state.results)) {
    if (isCredential(result.measure) || result.measure === 'revokeSessions') continue;
    const outcome = await undoOne(run, result);
    if (outcome === 'otherwise') return;
    // What somebody else changed stays as it is: the task's answer said so.
    if (outcome === 'kept') state.restored.push(result);
  }
  state.phase = 'hold';
  const until = holdUntil(run);
  await run.change(
    {
      state: 'sessionHold',
      headline: `denies are lifted; sessions issued before ${recovery.revokedAt ?? ''} stay revoked until ${until}; old keys stay off`,
      inForce: inForceOf(state.results, state.restored),
      needs: [],
    },
    `recovered: denies are lifted, older sessions stay revoked until ${until}`,
  );
}

/** When the longest session that could exist has ended. */
export function holdUntil({ state, waits }: ContainmentRun): string {
  return new Date(Date.parse(state.recovery?.revokedAt ?? '') + waits.sessionHoldSeconds * 1000).toISOString();
}

async function sessionsEnded(run: ContainmentRun): Promise<boolean> {
  const { state, waits } = run;
  const since = state.firstDenyAt ?? state.results[0]?.at;
  if (since === undefined || !state.recovery) throw new Error('nothing was written that recovery could lift');
  const until = new Date(Date.parse(since) + waits.sessionHoldSeconds * 1000).toISOString();
  const leftMs = Date.parse(until) - Date.now();
  if (leftMs <= 0) {
    state.recovery.revokedAt = since;
    return true;
  }
  const { name } = state.view.principal;
  const headline = `recovery waits until ${until}: sessions of ${name} from before the containment cannot be revoked; the denies stand`;
  if (state.view.headline !== headline) await run.change({ headline, needs: [] }, headline);
  const order = await run.nextOrder(leftMs, `older sessions of ${name} end by ${until.slice(0, 19)} UTC`);
  if (order?.order === 'recover') takeAuthority(run, { by: 'people', consents: order.consents, alerts: [] });
  return false;
}

async function revoke(run: ContainmentRun): Promise<boolean> {
  const { state } = run;
  const call = state.plan?.recovery.find(({ measure }) => measure === 'revokeSessions');
  if (!call || !state.recovery) throw new Error('the plan has no call that revokes sessions');
  try {
    const done = await applyMeasure(writeInput(run, call));
    state.results = [...state.results.filter((result) => keyOf(result) !== keyOf(done)), done];
    state.recovery.revokedAt = done.at;
    await run.change({ inForce: inForceOf(state.results, state.restored), needs: [] }, `sessions issued before ${done.at} are revoked`);
    return true;
  } catch (error) {
    const { text } = failureReason(error);
    await run.change(
      {
        headline: `recovery stopped, the denies stand: ${text}`,
        needs: [
          {
            needId: `revoke-${state.view.revision}`,
            kind: 'retry',
            title: `Sessions of ${state.view.principal.name} could not be revoked`,
            lookAt: [text],
            choices: ['retry'],
          },
        ],
      },
      `recovery stopped: ${text}`,
    );
    for (;;) {
      const order = await run.nextOrder();
      if (order?.order === 'recover') takeAuthority(run, { by: 'people', consents: order.consents, alerts: [] });
      if (order?.order === 'recover' || order?.order === 'retry') return false;
    }
  }
}
