import type { Env } from '../../config/env.js';
import { createPolicies } from '../../playbooks/load.js';
import { loadCallers } from '../../playbooks/load-callers.js';
import { knownSources } from '../known-sources.js';
import { shortMessage, type Finding } from './finding.js';

const PLAYBOOK = 'compromised-credentials';

/** Playbook, waits, rails, people, confidence, intake, detection rules, sources, and callers with their secrets parse and agree. */
export async function policyChecks(env: Env): Promise<Finding[]> {
  const policies = createPolicies(env.policyDir);
  const checks: [string, () => Promise<unknown>][] = [
    ['rails', policies.rails],
    ['people', policies.people],
    ['confidence', policies.confidence],
    ['intake', policies.intake],
    ['detection rules', policies.detectionRules],
    ['alert sources', policies.sources],
    ['playbook', () => policies.pin(PLAYBOOK, env.waits)],
    ['callers', async () => knownSources(await loadCallers(env.policyDir), env)],
  ];
  return Promise.all(checks.map(([name, load]) => policyCheck(name, load)));
}

async function policyCheck(name: string, load: () => Promise<unknown>): Promise<Finding> {
  try {
    await load();
    return { check: name, status: 'ok', detail: 'valid' };
  } catch (error) {
    return {
      check: name,
      status: 'fail',
      detail: shortMessage(error),
      fix: 'mend the file named; TOURNIQUET_POLICY_DIR says where it is read from',
    };
  }
}
