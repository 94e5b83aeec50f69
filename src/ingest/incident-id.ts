export { mintIncidentId } from '../domain/alerts/incident-id.js';
