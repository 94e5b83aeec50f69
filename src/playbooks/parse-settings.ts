import type { ParseSettings } from '../contracts/detection.js';
import type { Policies } from '../ports/policies.js';

/**
 * What parsing an alert depends on, as the policy folder has it now.
 *
 * @throws PlaybookInvalid, permanent: names file, path and what was expected.
 */
export async function readParseSettings(policies: Pick<Policies, 'sources' | 'detectionRules'>): Promise<ParseSettings> {
  const [sources, rules] = await Promise.all([policies.sources(), policies.detectionRules()]);
  return { sources, rules };
}
