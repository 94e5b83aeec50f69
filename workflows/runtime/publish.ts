import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES as SA } from '../../src/contracts/search-attributes.js';
import { attributeValues } from '../../src/domain/engine/attributes.js';
import { detailsPage } from '../../src/domain/engine/details.js';
import type { Incident } from './incident.js';

/** Renders the page, and upserts the search attributes that differ: each upsert is a history event. */
export function publish({ state }: Incident): void {
  setCurrentDetails(detailsPage(state));
  const news = attributePairs(attributeValues(state)).filter(differs);
  if (news.length > 0) upsertSearchAttributes(news);
}

function attributePairs(values: ReturnType<typeof attributeValues>): SearchAttributeUpdatePair[] {
  return [
    { key: SA.incidentId, value: values.incidentId },
    { key: SA.severity, value: values.severity },
    { key: SA.phase, value: values.phase },
    { key: SA.clock, value: values.clock },
    { key: SA.waitingFor, value: values.waitingFor },
    { key: SA.owner, value: values.owner },
    { key: SA.containment, value: values.containment },
    { key: SA.account, value: values.account ?? null },
    { key: SA.principals, value: values.principals },
    { key: SA.breachedSteps, value: values.breachedSteps },
    { key: SA.detectedAt, value: new Date(values.detectedAt) },
    { key: SA.nextDeadline, value: values.nextDeadline === undefined ? null : new Date(values.nextDeadline) },
    { key: SA.mttcAppliedSeconds, value: values.mttcAppliedSeconds ?? null },
    { key: SA.mttcProvenSeconds, value: values.mttcProvenSeconds ?? null },
  ];
}

function differs({ key, value }: SearchAttributeUpdatePair): boolean {
  const held = workflowInfo().typedSearchAttributes.get(key);
  const wanted = Array.isArray(value) && value.length === 0 ? undefined : (value ?? undefined);
  const have = Array.isArray(held) && held.length === 0 ? undefined : held;
  return JSON.stringify(have) !== JSON.stringify(wanted);
}
