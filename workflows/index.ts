/* Every workflow type Temporal can run. */
export { alertIntake } from './alert-intake.js';
export { incidentResponse } from './incident-response.js';
export { containPrincipal } from './contain-principal.js';
export { responderGuard } from './responder-guard.js';
export { followUp } from './follow-up.js';
export { quarantineScp } from './quarantine-scp.js';
export { reconcile } from './reconcile.js';
