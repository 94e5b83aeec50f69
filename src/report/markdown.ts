import type { IncidentRecord, Metric } from '../contracts/record.js';
import type { Timeline } from '../contracts/timeline.js';
import { table, text } from '../domain/engine/markdown.js';
import { durationText } from './durations.js';
import { METRIC_TITLES, MOMENT_TITLES } from './titles.js';

/** Rows of the timeline in the report; the CSV beside it has all. */
const TIMELINE_ROWS = 200;
const LONG_TABLE = 1000;

/** The report as Markdown. Every string that is not ours passes the Markdown encoder. */
export function renderMarkdown(record: IncidentRecord, timeline: Timeline | undefined): string {
  return [
    `# Incident ${text(record.incidentId)}`,
    text(record.summary),
    facts(record),
    '## Metrics',
    table(['metric', 'value', 'target', 'rests on'], record.metrics.map(metricRow)),
    '## Moments',
    table(
      ['moment', 'at (UTC)', 'fixed by'],
      record.moments.map(({ name, at, fixedBy }) => [MOMENT_TITLES[name], at, text(fixedBy)]),
    ),
    '## Containment',
    containment(record) || 'Nothing was contained.',
    '## Steps and clocks',
    table(
      ['step', 'owner', 'state', 'due (UTC)', 'ended (UTC)', 'outcome'],
      record.steps.map((step) => [
        text(step.title),
        text(step.owner),
        stepState(step),
        step.dueAt ?? '',
        step.endedAt ?? '',
        text(step.outcome ?? '', 200),
      ]),
    ),
    '## Timeline',
    timelineSection(record, timeline),
    '## Evidence',
    evidence(record),
    '## Removed and issued',
    removed(record),
    '## People',
    table(
      ['task', 'owner', 'answers', 'outcome'],
      record.tasks.map((task) => [
        `${text(task.taskId)} ${text(task.title)}`,
        text(task.owner),
        task.answers.map(({ subject, choice, reason }) => text(`${subject}: ${choice}${reason === '' ? '' : `, ${reason}`}`)).join('; '),
        text(task.outcome ?? 'open'),
      ]),
      LONG_TABLE,
    ) || 'No task was opened.',
    '## Journal',
    table(
      ['at (UTC)', 'who', 'what'],
      record.journal.map(({ at, who, text: what }) => [at, text(who), text(what, 500)]),
      LONG_TABLE,
    ),
    `Recorded at ${record.recordedAt}; playbook ${text(record.playbook.id)} version ${text(record.playbook.version)}, waits ${text(record.playbook.waits)}.`,
    '',
  ].join('\n\n');
}

function facts(record: IncidentRecord): string {
  const { playbook, result, ticket, verdict } = record;
  const lines = [
    `Classification: ${text(record.severity)}; ${playbook.categories.map((one) => text(one)).join(', ')}; NIST CSF ${playbook.nistCsf.map((one) => text(one)).join(', ')}; ${text(playbook.reference)}`,
    `State: ${text(record.phase)}${result === undefined ? '' : `, ${text(result.outcome)}: ${text(result.reason)}`}`,
    ...(verdict === undefined
      ? []
      : [
          `Verdict: ${text(verdict.verdict)}, sum ${verdict.sum}; ${verdict.signals.map(({ id, weight }) => `${text(id)} ${weight}`).join(', ')}`,
        ]),
    ...(ticket === undefined ? [] : [`Ticket: ${text(ticket.key)}`]),
    `Alerts: ${record.alertCount}; ${record.alerts.map(({ source, type, title }) => text(`${source} ${type} ${title}`)).join('; ')}`,
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function metricRow({ name, seconds, targetSeconds, why }: Metric): string[] {
  const late = seconds !== null && targetSeconds !== null && seconds > targetSeconds;
  return [
    METRIC_TITLES[name],
    seconds === null ? 'not known' : `${durationText(seconds)}${late ? ' **over target**' : ''}`,
    targetSeconds === null ? 'none' : durationText(targetSeconds),
    text(why),
  ];
}

function stepState({ status, breachedAt }: IncidentRecord['steps'][number]): string {
  return breachedAt === undefined ? status : `${status}, **breached**`;
}

function containment({ containments }: IncidentRecord): string {
  return table(
    ['principal', 'state', 'applied', 'effective from', 'proven', 'rests on', 'limits'],
    containments.map((one) => [
      text(one.principalArn),
      `${text(one.state)}${one.automated ? '' : ', by hand'}`,
      one.appliedAt ?? 'no',
      one.provenAt === undefined ? 'not proven' : (one.effectiveFromAt ?? ''),
      one.provenAt ?? '**not proven**',
      text(one.provenBy.join('; ')),
      text(one.limits.join('; ')),
    ]),
  );
}

function timelineSection({ timeline: summary }: IncidentRecord, timeline: Timeline | undefined): string {
  if (summary === undefined) return 'No timeline was built.';
  const { completeness } = summary;
  const statement = [
    `- CloudTrail from ${completeness.fromAt} to ${completeness.readUntilAt}, ${completeness.regions.map((one) => text(one)).join(', ')}, ${completeness.records} records, ${completeness.pages} pages`,
    `- ${completeness.complete ? 'complete for what was asked' : `**incomplete**: ${text(completeness.gaps.join('; '))}`}`,
    ...completeness.notRead.map((line) => `- not read: ${text(line)}`),
  ].join('\n');
  const rows = (timeline?.entries ?? [])
    .filter(({ lane }) => lane !== 'holder')
    .map((entry) => [
      entry.at,
      entry.lane,
      text(entry.api),
      text(entry.outcome),
      text(entry.actor, 120),
      text(entry.sourceIp),
      text(entry.targets.join(' '), 160),
      text(entry.attack.join(' ')),
    ]);
  const events = table(['at (UTC)', 'lane', 'call', 'outcome', 'actor', 'address', 'target', 'ATT&CK'], rows, TIMELINE_ROWS);
  return [
    statement,
    events || 'The timeline file could not be read: no event is shown here.',
    `All events: ${text(summary.csvRef.path)}`,
  ].join('\n\n');
}

function evidence({ evidence: collections }: IncidentRecord): string {
  if (collections.length === 0) return 'No evidence was sealed.';
  return collections
    .map(({ collectionId, manifest, collected, absent }) =>
      [
        `- ${text(collectionId)}: ${collected.map((one) => text(one)).join(', ')}; manifest ${text(manifest.path)}, SHA-256 ${manifest.sha256}`,
        ...absent.map((line) => `  - absent: ${text(line)}`),
      ].join('\n'),
    )
    .join('\n');
}

function removed({ eradicated, issued }: IncidentRecord): string {
  const lines = [
    ...eradicated.map(({ action, target, outcome, at }) => `- ${text(action)} ${text(target)}: ${text(outcome)} at ${at}`),
    ...issued.map(({ accessKeyId, secretArn, issuedAt }) => `- new key ${text(accessKeyId)} at ${issuedAt}, secret in ${text(secretArn)}`),
  ];
  return lines.length === 0 ? 'Nothing was removed and nothing was issued.' : lines.join('\n');
}
