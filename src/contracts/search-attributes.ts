import { defineSearchAttributeKey } from '@temporalio/common';

/** Typed search attributes (design 8): 9 of 10 Keyword, 2 of 3 KeywordList, 2 of 3 Datetime, 2 of 3 Int. */
export const SEARCH_ATTRIBUTES = {
  incidentId: defineSearchAttributeKey('IncidentId', 'KEYWORD'),
  severity: defineSearchAttributeKey('IncidentSeverity', 'KEYWORD'),
  phase: defineSearchAttributeKey('IncidentPhase', 'KEYWORD'),
  clock: defineSearchAttributeKey('IncidentClock', 'KEYWORD'),
  waitingFor: defineSearchAttributeKey('IncidentWaitingFor', 'KEYWORD'),
  owner: defineSearchAttributeKey('IncidentOwner', 'KEYWORD'),
  containment: defineSearchAttributeKey('IncidentContainment', 'KEYWORD'),
  account: defineSearchAttributeKey('IncidentAccount', 'KEYWORD'),
  ticket: defineSearchAttributeKey('IncidentTicket', 'KEYWORD'),
  principals: defineSearchAttributeKey('IncidentPrincipals', 'KEYWORD_LIST'),
  breachedSteps: defineSearchAttributeKey('IncidentBreachedSteps', 'KEYWORD_LIST'),
  detectedAt: defineSearchAttributeKey('IncidentDetectedAt', 'DATETIME'),
  nextDeadline: defineSearchAttributeKey('IncidentNextDeadline', 'DATETIME'),
  mttcAppliedSeconds: defineSearchAttributeKey('IncidentMttcAppliedSeconds', 'INT'),
  mttcProvenSeconds: defineSearchAttributeKey('IncidentMttcProvenSeconds', 'INT'),
} as const;

/** Values of `IncidentClock`; the digit makes them sort by urgency. */
export const CLOCK_VALUES = ['1-breached', '2-due-soon', '3-on-track', '4-paused', '5-closed'] as const;
export type ClockValue = (typeof CLOCK_VALUES)[number];
