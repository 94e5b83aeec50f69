import type { IncidentRecord, Metric } from '../contracts/record.js';
import type { Timeline } from '../contracts/timeline.js';
import { table } from '../domain/engine/markdown.js';
import { answersOf } from './answers.js';
import { durationText, targetText } from './durations.js';
import { lineageSection, resourcesSection, timelineSection } from './markdown-findings.js';
import { md, mdList } from './markdown-text.js';
import { standingOf } from './standing.js';
import { METRIC_TITLES, MOMENT_TITLES } from './titles.js';

const ALL = Number.MAX_SAFE_INTEGER;

/** The report as Markdown. Every string that is not ours passes the Markdown encoder. */
export function renderMarkdown(record: IncidentRecord, timeline: Timeline | undefined): string {
  return [
    `# Incident ${md(record.incidentId)}`,
    md(record.summary),
    answersOf(record)
      .map(({ question, value, details }) => `- ${question} **${md(value)}**${details.map((detail) => `\n  - ${md(detail)}`).join('')}`)
      .join('\n'),
    facts(record),
    '## Containment',
    containment(record) || 'No principal was in scope: nothing was contained.',
    '## Steps and clocks',
    steps(record) || 'The playbook was not loaded.',
    '## Metrics',
    table(
      ['metric', 'value', 'target', 'rests on'],
      record.metrics.map((metric) => metricRow(metric, record)),
    ),
    '## Moments',
    moments(record) || 'No moment is known.',
    '## Verdict and alerts',
    verdict(record),
    '## Timeline',
    timelineSection(record, timeline),
    '## Lineage',
    lineageSection(record, timeline),
    '## Resources touched',
    resourcesSection(record, timeline),
    '## Removed and issued',
    removed(record),
    '## Evidence',
    evidence(record),
    '## Tasks and who answered',
    tasks(record) || 'No task was opened: no person was asked.',
    '## Journal',
    table(
      ['at (UTC)', 'who', 'what'],
      record.journal.map(({ at, who, text: what }) => [at, md(who, 80), md(what, 1000)]),
      ALL,
    ),
    `Recorded at ${record.recordedAt}; playbook ${md(record.playbook.id)} version ${md(record.playbook.version)}, SHA-256 ${md(record.playbook.sha256)}, waits ${md(record.playbook.waits)}.`,
    '',
  ].join('\n\n');
}

function facts({ severity, playbook, phase, result, ticket, previousIncidentId, followUpOf }: IncidentRecord): string {
  const lines = [
    `Classification: ${severity}; ${mdList(playbook.categories, 'none')}; NIST CSF ${mdList(playbook.nistCsf, 'none')}; ${md(playbook.reference)}`,
    `State: ${phase}${result === undefined ? ', open' : `, ${result.outcome}: ${md(result.reason)}`}`,
    ...(ticket === undefined ? [] : [`Ticket: ${md(ticket.key)}`]),
    ...(followUpOf === undefined ? [] : [`Follow-up of ${md(followUpOf)}`]),
    ...(previousIncidentId === undefined ? [] : [`Before this: ${md(previousIncidentId)}`]),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function containment({ containments }: IncidentRecord): string {
  return table(
    ['principal', 'state', 'applied', 'effective from', 'proven', 'rests on', 'limits'],
    containments.map((one) => [
      md(one.principalArn),
      `${md(one.state)}, tier ${md(one.tier)}, ${one.automated ? 'automated' : one.appliedAt === undefined ? 'nothing written' : 'by hand'}`,
      one.appliedAt ?? 'no',
      one.provenAt === undefined ? 'not known' : (one.effectiveFromAt ?? 'not known'),
      `${one.provenAt ?? '**NOT PROVEN**'}${one.withdrawn > 0 ? `, withdrawn ${one.withdrawn}×` : ''}`,
      mdList(one.provenBy, 'nothing'),
      mdList(one.limits, 'none stated'),
    ]),
    ALL,
  );
}

function steps(record: IncidentRecord): string {
  return table(
    ['step', 'owner', 'state', 'started (UTC)', 'due (UTC)', 'ended (UTC)', 'outcome'],
    record.steps.map((step) => [
      md(step.title),
      md(step.owner),
      `${step.status}${step.breachedAt === undefined ? '' : `, **BREACHED** ${step.breachedAt}`}${step.pausedMs > 0 ? `, paused ${durationText(step.pausedMs / 1000)}` : ''}`,
      step.startedAt ?? '',
      step.dueAt ?? '',
      step.endedAt ?? '',
      md(step.outcome ?? '', 500),
    ]),
    ALL,
  );
}

function metricRow(metric: Metric, record: IncidentRecord): string[] {
  const { name, seconds, targetSeconds, why } = metric;
  const standing = standingOf(metric, record);
  const late = standing === undefined || standing === 'within target' ? '' : ` **${standing}**`;
  return [
    METRIC_TITLES[name],
    `${seconds === null ? 'not known' : durationText(seconds)}${late}`,
    targetSeconds === null ? 'none' : targetText(targetSeconds),
    md(why, 500),
  ];
}

function moments(record: IncidentRecord): string {
  return table(
    ['at (UTC)', 'moment', 'fixed by'],
    record.moments
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .map(({ name, at, fixedBy }) => [at, MOMENT_TITLES[name], md(fixedBy, 500)]),
  );
}

function verdict({ verdict: found, alerts, alertCount }: IncidentRecord): string {
  const head =
    found === undefined
      ? ['- No verdict was given.']
      : [
          `- ${found.verdict}, sum ${found.sum} (confirmed from ${found.confirmedFrom}, suspected from ${found.suspectedFrom})`,
          ...found.signals.map(({ id, weight, reason }) => `- signal ${md(id)} ${weight > 0 ? '+' : ''}${weight}: ${md(reason)}`),
        ];
  const told = alerts.map(({ source, type, title, detectedAt }) => `- alert of ${md(source)} at ${detectedAt}: ${md(type)}, ${md(title)}`);
  return [...head, `- ${alertCount} alerts came in; shown: ${alerts.length}`, ...told].join('\n');
}

function removed({ eradicated, issued }: IncidentRecord): string {
  const lines = [
    ...eradicated.map(({ action, target, outcome, at }) => `- ${action} ${md(target)}: ${outcome} at ${at}`),
    ...issued.map(
      ({ accessKeyId, secretArn, issuedAt, verifiedBy }) =>
        `- new key ${md(accessKeyId)} at ${issuedAt}, secret in ${md(secretArn)}, seen to work by ${md(verifiedBy)}`,
    ),
  ];
  return lines.length === 0 ? 'Nothing was removed and nothing was issued.' : lines.join('\n');
}

function evidence({ evidence: collections }: IncidentRecord): string {
  if (collections.length === 0) return 'No evidence was sealed.';
  return collections
    .flatMap(({ collectionId, manifest, collected, absent }) => [
      `- ${md(collectionId)}: ${mdList(collected, 'nothing')}; manifest ${md(manifest.path)}, SHA-256 ${md(manifest.sha256)}`,
      ...absent.map((line) => `  - absent: ${md(line)}`),
    ])
    .join('\n');
}

function tasks(record: IncidentRecord): string {
  return table(
    ['task', 'owner', 'opened (UTC)', 'answers', 'outcome'],
    record.tasks.map((task) => [
      md(`${task.taskId} ${task.title}`),
      md(task.owner),
      task.openedAt,
      mdList(
        task.answers.map(
          ({ subject, choice, reason, at }) => `${at.slice(11, 19)} ${subject}: ${choice}${reason === '' ? '' : `, ${reason}`}`,
        ),
        'nobody answered',
      ),
      task.closedAt === undefined ? '**OPEN**' : md(task.outcome ?? 'closed'),
    ]),
    ALL,
  );
}
