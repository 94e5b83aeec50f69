export { intakeId } from '../domain/alerts/intake-id.js';
