import type { Cell } from '../grid.js';

/** One cell for each way in; between them every attacker and both kinds of lag. The grid itself is played on the virtual clock. */
export const REAL_CELLS: readonly Cell[] = [
  { theft: 'userKey', attacker: 'persister', propagationSeconds: 3, setting: 'organization' },
  { theft: 'sessionToken', attacker: 'opportunist', propagationSeconds: 3, setting: 'organization' },
  { theft: 'federatedToken', attacker: 'opportunist', propagationSeconds: 0, setting: 'organization' },
  { theft: 'roleSession', attacker: 'juggler', propagationSeconds: 3, setting: 'organization' },
  { theft: 'instanceRole', attacker: 'persister', propagationSeconds: 3, setting: 'organization' },
  { theft: 'functionRole', attacker: 'opportunist', propagationSeconds: 0, setting: 'organization' },
  { theft: 'permissionSetRole', attacker: 'opportunist', propagationSeconds: 3, setting: 'organization' },
  { theft: 'memberRoot', attacker: 'persister', propagationSeconds: 0, setting: 'organization' },
];
