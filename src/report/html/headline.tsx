import type { VNode } from 'preact';
import type { IncidentRecord } from '../../contracts/record.js';
import { answersOf } from '../answers.js';
import { stamp } from '../shown.js';
import { Table, Text, Time } from './parts.js';

/** What a tired reader must see in ten seconds, then what kind of incident it is. */
export function Headline({ record }: { readonly record: IncidentRecord }): VNode {
  return (
    <header>
      <h1>
        <Text of={record.incidentId} />
        {record.followUpOf === undefined ? '' : ' (follow-up)'}
      </h1>
      <p class="summary">
        <Text of={record.summary} limit={240} />
      </p>
      <p class="note">
        As of {stamp(record.recordedAt)} UTC. Phase {record.phase}
        {record.result === undefined ? ', open' : ''}. All times are UTC.
      </p>
      <div class="answers">
        {answersOf(record).map(({ question, tone, value, details }) => (
          <div class={`answer ${tone}`}>
            <h2>{question}</h2>
            <div class="value">{value}</div>
            <ul>
              {details.map((detail) => (
                <li>{detail}</li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <Facts record={record} />
    </header>
  );
}

function Facts({ record }: { readonly record: IncidentRecord }): VNode {
  const { playbook, result, ticket, previousIncidentId, followUpOf } = record;
  const facts: [string, VNode][] = [
    ['Classification', <Text of={[record.severity, ...playbook.categories].join(' · ')} />],
    ['Reference', <Text of={`${playbook.reference} · NIST CSF: ${playbook.nistCsf.join(', ')}`} />],
    ...(result === undefined ? [] : [['Closed as', <Text of={`${result.outcome}: ${result.reason}`} />] satisfies [string, VNode]]),
    ...(ticket === undefined ? [] : [['Ticket', <Text of={`${ticket.key} (${ticket.url})`} />] satisfies [string, VNode]]),
    ...(followUpOf === undefined ? [] : [['Follow-up of', <Text of={followUpOf} />] satisfies [string, VNode]]),
    ...(previousIncidentId === undefined ? [] : [['Before this', <Text of={previousIncidentId} />] satisfies [string, VNode]]),
  ];
  return <dl>{facts.flatMap(([name, value]) => [<dt>{name}</dt>, <dd>{value}</dd>])}</dl>;
}

/** The verdict with every signal behind it, and the alerts. */
export function VerdictAndAlerts({ record }: { readonly record: IncidentRecord }): VNode {
  const { verdict, alerts, alertCount } = record;
  const left = alertCount - alerts.length;
  return (
    <>
      {verdict === undefined ? (
        <p class="none">No verdict was given.</p>
      ) : (
        <>
          <p>
            <strong>{verdict.verdict}</strong>, sum {verdict.sum} (confirmed from {verdict.confirmedFrom}, suspected from{' '}
            {verdict.suspectedFrom}), scored {stamp(verdict.scoredAt)} with weights version <Text of={verdict.confidenceVersion} />
          </p>
          <Table
            head={['Signal', 'Weight', 'Reason']}
            widths={[22, 10, 68]}
            rows={verdict.signals.map(({ id, weight, reason }) => [
              <Text of={id} />,
              weight > 0 ? `+${weight}` : weight,
              <Text of={reason} />,
            ])}
            none="No signal fired."
          />
        </>
      )}
      <Table
        head={['Detected', 'Source', 'Alert', 'Title']}
        widths={[14, 12, 37, 37]}
        rows={alerts.map(({ detectedAt, source, alertId, type, title }) => [
          <Time at={detectedAt} />,
          <Text of={source} />,
          <>
            <Text of={type} /> <span class="note">{<Text of={alertId} limit={80} />}</span>
          </>,
          <Text of={title} limit={300} />,
        ])}
        none="No alert is kept."
      />
      {left > 0 ? (
        <p class="note">
          {alertCount} alerts came in; shown: {alerts.length}, those that tell most.
        </p>
      ) : null}
    </>
  );
}
