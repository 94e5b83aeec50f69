/** Of every run: one run is one incident. */
export const INCIDENT_ID = 'INC-20261122-BENCH001';
