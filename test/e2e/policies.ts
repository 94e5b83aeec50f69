import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { packagePath } from '../../src/config/paths.js';
import type { Waits } from '../../src/contracts/playbook.js';

/** Name of the waits file that tests run with: short windows, the range's delays fit inside. */
export const E2E_WAITS = 'e2e-waits';
/** The shipped playbook whose later steps are people's: for tests that are about the alert and the containment. */
export const CONTAINMENT_PLAYBOOK = 'containment';

const AUTOMATED = new Set<unknown>(['validateFinding', 'containPrincipals', 'notifyStakeholders']);

const SHORT: Partial<Waits> = {
  id: E2E_WAITS,
  quietWindowSeconds: 3,
  settleSeconds: 1,
  deliveryDelaySeconds: 1,
  watchRounds: [
    { untilSeconds: 30, everySeconds: 0.5 },
    { untilSeconds: 300, everySeconds: 2 },
  ],
  recheckLadder: [{ untilSeconds: 120, everySeconds: 1.5 }, { everySeconds: 5 }],
};

type Yaml = Record<string, unknown>;

/** Copies the shipped playbooks and policies to `folder`, with a waits file for tests and the given edits. */
export async function writePolicies(
  folder: string,
  change: { waits?: Partial<Waits>; edit?: Readonly<Record<string, (file: Yaml) => Yaml>> } = {},
): Promise<void> {
  await cp(packagePath('src', 'playbooks'), folder, { recursive: true, filter: (source) => !source.endsWith('.ts') });
  await editYaml(join(folder, 'drill-waits.yaml'), join(folder, `${E2E_WAITS}.yaml`), (file) => ({ ...file, ...SHORT, ...change.waits }));
  await editYaml(join(folder, 'compromised-credentials.yaml'), join(folder, `${CONTAINMENT_PLAYBOOK}.yaml`), byHand);
  // Silence of seconds counts as silence: a test does not wait for minutes.
  await editYaml(join(folder, 'rails.yaml'), join(folder, 'rails.yaml'), (file) => ({
    ...file,
    noAnswer: [{ id: 'suspected-no-answer', version: '1', afterMinutes: 30, rangeAfterMinutes: 0.02 }],
  }));
  for (const [name, edit] of Object.entries(change.edit ?? {})) await editYaml(join(folder, name), join(folder, name), edit);
}

function byHand(file: Yaml): Yaml {
  const steps = (file['steps'] as Yaml[]).map(({ run, ...step }) => (AUTOMATED.has(run) ? { ...step, run } : step));
  return { ...file, id: CONTAINMENT_PLAYBOOK, steps };
}

async function editYaml(from: string, to: string, edit: (file: Yaml) => Yaml): Promise<void> {
  await writeFile(to, stringify(edit(parse(await readFile(from, 'utf8')) as Yaml)));
}
