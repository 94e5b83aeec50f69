import type { VNode } from 'preact';
import type { IncidentRecord } from '../../contracts/record.js';
import { clocksPicture } from '../charts/clocks-chart.js';
import { clocksModel } from '../charts/clocks-model.js';
import { durationText, targetText } from '../durations.js';
import { type Standing, standingOf } from '../standing.js';
import { METRIC_TITLES, MOMENT_TITLES } from '../titles.js';
import { Badge, Figure, Table, Text, Time } from './parts.js';

type Step = IncidentRecord['steps'][number];

/** Rows of one picture: more would not fit on a printed page. */
const PICTURE_ROWS = 16;

/** Metrics against their targets. */
export function Metrics({ record }: { readonly record: IncidentRecord }): VNode {
  return (
    <Table
      head={['Metric', 'Value', 'Target', 'Against it', 'From → to', 'Rests on']}
      widths={[15, 12, 9, 13, 19, 32]}
      rows={record.metrics.map((metric) => [
        METRIC_TITLES[metric.name],
        metric.seconds === null ? <span class="none">not known</span> : <strong>{durationText(metric.seconds)}</strong>,
        metric.targetSeconds === null ? <span class="none">none</span> : `≤ ${targetText(metric.targetSeconds)}`,
        <Mark standing={standingOf(metric, record)} />,
        `${MOMENT_TITLES[metric.from]} → ${MOMENT_TITLES[metric.to]}`,
        <Text of={metric.why} limit={400} />,
      ])}
      none="No metric."
    />
  );
}

function Mark({ standing }: { readonly standing: Standing | undefined }): VNode | null {
  if (standing === undefined) return null;
  return <Badge tone={standing === 'within target' ? 'good' : 'bad'}>{standing}</Badge>;
}

/** When what happened, and what says so. */
export function Moments({ record }: { readonly record: IncidentRecord }): VNode {
  return (
    <Table
      head={['At', 'Moment', 'Fixed by']}
      widths={[16, 20, 64]}
      rows={record.moments
        .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
        .map(({ name, at, fixedBy }) => [<Time at={at} />, MOMENT_TITLES[name], <Text of={fixedBy} />])}
      none="No moment is known."
    />
  );
}

/** The clocks as pictures, then every step in words. Follow-up clocks run for weeks and get a picture of their own. */
export function Clocks({ record }: { readonly record: IncidentRecord }): VNode {
  const inFollowUp = ({ phase }: Step): boolean => phase === 'followUp';
  const groups = [record.steps.filter((step) => !inFollowUp(step)), record.steps.filter(inFollowUp)].flatMap(chunks);
  const models = groups.map((steps) => clocksModel(record, steps)).filter((model) => model !== undefined);
  return (
    <>
      {models.map((model) => (
        <Figure picture={clocksPicture(model)}>
          Dotted: from detection until it began. Filled: worked on. Pale: still under way. Slanted lines: past its due time. ▼: due; ▶ at
          the right: due later than this picture shows. Times are UTC.
        </Figure>
      ))}
      <Table
        head={['Step', 'Owner', 'State', 'Started', 'Due', 'Ended', 'Outcome']}
        widths={[16, 12, 12, 11, 11, 11, 27]}
        rows={record.steps.map((step) => [
          <Text of={step.title} />,
          <Text of={step.owner} />,
          <StepState step={step} />,
          <Time at={step.startedAt} />,
          <Time at={step.dueAt} />,
          <Time at={step.endedAt} />,
          <Text of={step.outcome ?? ''} limit={500} />,
        ])}
        none="The playbook was not loaded."
      />
    </>
  );
}

function StepState({ step: { status, breachedAt, pausedMs } }: { readonly step: Step }): VNode {
  return (
    <>
      {status}
      {breachedAt === undefined ? null : (
        <>
          {' '}
          <Badge tone="bad">BREACHED</Badge> <Time at={breachedAt} />
        </>
      )}
      {pausedMs > 0 ? `, paused ${durationText(pausedMs / 1000)}` : ''}
    </>
  );
}

function chunks(steps: readonly Step[]): Step[][] {
  return Array.from({ length: Math.ceil(steps.length / PICTURE_ROWS) }, (_, at) => steps.slice(at * PICTURE_ROWS, (at + 1) * PICTURE_ROWS));
}
