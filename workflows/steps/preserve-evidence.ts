import type { EvidenceItemName } from '../../src/contracts/evidence.js';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { StepEnd } from '../../src/domain/engine/outcomes.js';
import { collectAndSeal } from '../runtime/evidence.js';
import type { Incident } from '../runtime/incident.js';
import { manualStep } from './manual-step.js';

/** S003 appendix B, and the IAM state beside the credential report. */
const ITEMS: readonly EvidenceItemName[] = [
  'cloudTrail',
  'cloudWatchLogs',
  'vpcFlowLogs',
  'credentialReport',
  'iamState',
  'accessAnalyzer',
  'guardDuty',
];

/** Collects and seals the first collection. Without a principal in AWS it is people's work. */
export async function preserveEvidence(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  if (incident.state.principals.length === 0) return manualStep(incident, step);
  const sealed = await collectAndSeal(incident, step, { collectionId: 'c01', items: ITEMS });
  if (sealed === undefined) return undefined;
  const lacks = sealed.absent.length === 0 ? '' : `; absent: ${sealed.absent.map((line) => line.split(':')[0]).join(', ')}`;
  return {
    status: 'done',
    outcome: `sealed ${sealed.collected.join(', ')}${lacks}; manifest ${sealed.manifest.sha256.slice(0, 12)}`,
    who: 'Tourniquet',
  };
}
