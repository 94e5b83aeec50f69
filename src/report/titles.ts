import type { MetricName, MomentName } from '../contracts/record.js';

/** Names of metrics as people know them; `respond` and `recover` tell the two MTTRs of S003 apart. */
export const METRIC_TITLES: Readonly<Record<MetricName, string>> = {
  mttd: 'MTTD (detect)',
  mtta: 'MTTA (acknowledge)',
  mttrRespond: 'MTTR (respond)',
  mttcApplied: 'Time to applied',
  mttc: 'MTTC (contain)',
  mttrRecover: 'MTTR (recover)',
  dwell: 'Dwell time',
};

export const MOMENT_TITLES: Readonly<Record<MomentName, string>> = {
  firstMalicious: 'First malicious event',
  compromise: 'Compromise',
  detected: 'Detected',
  received: 'Received',
  acknowledged: 'Acknowledged',
  firstAction: 'First action',
  applied: 'Applied',
  effectiveFrom: 'Effective from',
  proven: 'Proven',
  eradicated: 'Eradicated',
  recovered: 'Recovered',
  released: 'Released',
  closed: 'Closed',
};
