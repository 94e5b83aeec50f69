import { sleep } from '@temporalio/workflow';
import * as product from '../../workflows/index.js';

/* The negative control: each workflow does one thing more than the recorded ones did, so every replay must fail. */

const EXTRA_MS = 1_000;

export async function alertIntake(...args: Parameters<typeof product.alertIntake>): ReturnType<typeof product.alertIntake> {
  await sleep(EXTRA_MS, { summary: 'a timer that no recording has' });
  return product.alertIntake(...args);
}

export async function incidentResponse(...args: Parameters<typeof product.incidentResponse>): ReturnType<typeof product.incidentResponse> {
  await sleep(EXTRA_MS, { summary: 'a timer that no recording has' });
  return product.incidentResponse(...args);
}

export async function containPrincipal(...args: Parameters<typeof product.containPrincipal>): ReturnType<typeof product.containPrincipal> {
  await sleep(EXTRA_MS, { summary: 'a timer that no recording has' });
  return product.containPrincipal(...args);
}

export async function responderGuard(...args: Parameters<typeof product.responderGuard>): ReturnType<typeof product.responderGuard> {
  await sleep(EXTRA_MS, { summary: 'a timer that no recording has' });
  return product.responderGuard(...args);
}

export async function followUp(...args: Parameters<typeof product.followUp>): ReturnType<typeof product.followUp> {
  await sleep(EXTRA_MS, { summary: 'a timer that no recording has' });
  return product.followUp(...args);
}

export async function reconcile(...args: Parameters<typeof product.reconcile>): ReturnType<typeof product.reconcile> {
  await sleep(EXTRA_MS, { summary: 'a timer that no recording has' });
  return product.reconcile(...args);
}

export async function quarantineScp(...args: Parameters<typeof product.quarantineScp>): ReturnType<typeof product.quarantineScp> {
  await sleep(EXTRA_MS, { summary: 'a timer that no recording has' });
  return product.quarantineScp(...args);
}
