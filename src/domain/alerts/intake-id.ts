import type { Alert } from '../../contracts/alert.js';
import { sha256Of } from '../canonical-json.js';

const HASH_CHARACTERS = 32;

/** Workflow id of `alertIntake`: a re-delivery of the same body has the same id, an update another (design 10). */
export function intakeId(alert: Pick<Alert, 'source' | 'alertId' | 'bodySha256'>): string {
  return `alert/${alert.source}/${sha256Of(alert.alertId).slice(0, HASH_CHARACTERS)}/${alert.bodySha256.slice(0, HASH_CHARACTERS)}`;
}
