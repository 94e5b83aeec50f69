import type { IncidentRecord } from '../contracts/record.js';
import { text } from '../domain/engine/markdown.js';
import { durationText } from './durations.js';
import { METRIC_TITLES, MOMENT_TITLES } from './titles.js';

/**
 * The review document of S003's post-incident activities, filled with what is known. What only people know is a question
 * with an empty line.
 */
export function renderReview(record: IncidentRecord): string {
  const breached = record.steps.filter(({ breachedAt }) => breachedAt !== undefined);
  const metric = record.metrics.map(
    ({ name, seconds, why }) => `- ${METRIC_TITLES[name]}: ${seconds === null ? `not known (${text(why)})` : durationText(seconds)}`,
  );
  return [
    `# Post-incident review of ${text(record.incidentId)}`,
    `${text(record.summary)}. Closed as: ${text(record.result?.outcome ?? 'not closed yet')}.`,
    '## What happened',
    record.moments.map(({ name, at, fixedBy }) => `- ${at} ${MOMENT_TITLES[name]}: ${text(fixedBy)}`).join('\n'),
    '## How fast we were',
    metric.join('\n'),
    '## Clocks that were breached',
    breached.length === 0
      ? 'None.'
      : breached.map(({ title, owner, breachedAt }) => `- ${text(title)} (${text(owner)}) at ${breachedAt ?? ''}`).join('\n'),
    '## What the intruder did',
    intruder(record),
    '## Questions for the review',
    [
      'How were the credentials lost?',
      'What would have detected it earlier?',
      'What slowed the response down, and what helped?',
      'Which control would have prevented it?',
      'Who must learn what from it?',
    ]
      .map((question) => `### ${question}\n\n…`)
      .join('\n\n'),
    '## Actions',
    '| action | owner | due |\n| --- | --- | --- |\n|  |  |  |',
    '',
  ].join('\n\n');
}

function intruder({ timeline, eradicated }: IncidentRecord): string {
  if (timeline === undefined) return 'No timeline was built.';
  return [
    `- ${timeline.attackerEvents} events with ${timeline.credentials} credentials; techniques: ${text(timeline.attack.join(', ') || 'none recognised')}`,
    ...timeline.resources.map(
      (row) => `- ${text(row.action)} ${text(row.arn)} (event ${text(row.provedBy)})${row.present ? '' : ', gone'}`,
    ),
    ...eradicated.map(({ action, target }) => `- removed by us: ${text(action)} ${text(target)}`),
    `- read from CloudTrail ${timeline.completeness.fromAt} to ${timeline.completeness.readUntilAt}${timeline.completeness.complete ? '' : ', **incomplete**'}`,
  ].join('\n');
}
