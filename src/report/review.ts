import type { IncidentRecord } from '../contracts/record.js';
import { durationText } from './durations.js';
import { md } from './markdown-text.js';
import { standingOf } from './standing.js';
import { METRIC_TITLES, MOMENT_TITLES } from './titles.js';

/**
 * The review document of S003's post-incident activities, filled with what is known. What only people know is a question
 * with an empty line.
 */
export function renderReview(record: IncidentRecord): string {
  const breached = record.steps.filter(({ breachedAt }) => breachedAt !== undefined);
  const metric = record.metrics.map((one) => {
    const standing = standingOf(one, record);
    const value = one.seconds === null ? `not known (${md(one.why)})` : durationText(one.seconds);
    return `- ${METRIC_TITLES[one.name]}: ${value}${standing === undefined ? '' : `, ${standing}`}`;
  });
  return [
    `# Post-incident review of ${md(record.incidentId)}`,
    `${md(record.summary)}. Closed as: ${md(record.result?.outcome ?? 'not closed yet')}.`,
    '## What happened',
    record.moments
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .map(({ name, at, fixedBy }) => `- ${at} ${MOMENT_TITLES[name]}: ${md(fixedBy)}`)
      .join('\n'),
    '## How fast we were',
    metric.join('\n'),
    '## Clocks that were breached',
    breached.length === 0
      ? 'None.'
      : breached.map(({ title, owner, breachedAt }) => `- ${md(title)} (${md(owner)}) at ${breachedAt ?? ''}`).join('\n'),
    '## Where the containment stands',
    record.containments
      .map(
        ({ principalArn, state, provenAt, limits }) =>
          `- ${md(principalArn)}: ${md(state)}, ${provenAt === undefined ? `**not proven** (${limits.map((limit) => md(limit)).join('; ')})` : `proven ${provenAt}`}`,
      )
      .join('\n') || 'Nothing was contained.',
    '## Who was asked',
    asked(record),
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

/** How long people were waited for: the review's first question about speed. */
function asked({ tasks, recordedAt }: IncidentRecord): string {
  if (tasks.length === 0) return 'Nobody: no task was opened.';
  return tasks
    .map(({ taskId, title, owner, openedAt, closedAt, outcome }) => {
      const waited = durationText((Date.parse(closedAt ?? recordedAt) - Date.parse(openedAt)) / 1000);
      return `- ${md(`${taskId} ${title}`)} (${md(owner)}): ${md(outcome ?? 'still open')} after ${waited}`;
    })
    .join('\n');
}

function intruder({ timeline, eradicated }: IncidentRecord): string {
  if (timeline === undefined) return 'No timeline was built.';
  return [
    `- ${timeline.attackerEvents} events with ${timeline.credentials} credentials; techniques: ${md(timeline.attack.join(', ') || 'none recognised')}`,
    ...timeline.resources.map((row) => `- ${md(row.action)} ${md(row.arn)} (event ${md(row.provedBy)})${row.present ? '' : ', gone'}`),
    ...eradicated.map(({ action, target }) => `- removed by us: ${md(action)} ${md(target)}`),
    `- read from CloudTrail ${timeline.completeness.fromAt} to ${timeline.completeness.readUntilAt}${timeline.completeness.complete ? '' : ', **incomplete**'}`,
  ].join('\n');
}
