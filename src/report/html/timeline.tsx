import type { ComponentChildren, VNode } from 'preact';
import type { IncidentRecord } from '../../contracts/record.js';
import type { Timeline, TimelineCompleteness, TimelineSummary } from '../../contracts/timeline.js';
import { lanesPicture } from '../charts/lanes-chart.js';
import { lanesModels } from '../charts/lanes-model.js';
import { attackerCallers, type EventRun, eventTable } from '../events.js';
import { shortArn, stamp } from '../shown.js';
import { Badge, Code, Figure, Lines, Table, Text, Time } from './parts.js';

interface Props {
  readonly record: IncidentRecord;
  readonly timeline: Timeline | undefined;
}

/** What was looked at, then who called when, techniques, and the events themselves. */
export function TimelineParts({ record, timeline }: Props): VNode {
  const { timeline: summary } = record;
  if (summary === undefined)
    return <p class="none">No timeline was built: nothing was looked at, so nothing is said about what happened.</p>;
  return (
    <>
      <CompletenessStatement of={summary.completeness} />
      <Counts summary={summary} />
      {timeline === undefined ? (
        <p class="callout bad">
          The timeline file could not be read, so no event is shown here. It is <Code of={summary.ref.path} />.
        </p>
      ) : (
        <>
          <Lanes record={record} timeline={timeline} />
          <h3>ATT&amp;CK techniques</h3>
          <Techniques timeline={timeline} />
          <h3>Where the attacker called from</h3>
          <Callers timeline={timeline} />
          <h3>Events of attacker and responder</h3>
          <Events timeline={timeline} />
        </>
      )}
      <p class="note">
        Every event: <Code of={summary.csvRef.path} /> (SHA-256 <Code of={summary.csvRef.sha256} />)
      </p>
    </>
  );
}

/** Without it, silence would read as "nothing found". */
function CompletenessStatement({ of }: { readonly of: TimelineCompleteness }): VNode {
  return (
    <div class={`callout ${of.complete ? '' : 'bad'}`}>
      <p>
        {of.complete ? <Badge tone="good">complete for what was asked</Badge> : <Badge tone="bad">INCOMPLETE</Badge>} CloudTrail from{' '}
        <Time at={of.fromAt} /> to <Time at={of.readUntilAt} />; regions <Text of={of.regions.join(', ')} />; accounts{' '}
        <Text of={of.accounts.join(', ') || 'none seen'} />; {of.records} records on {of.pages} pages.
      </p>
      {of.gaps.length === 0 ? null : (
        <>
          <strong>Gaps</strong>
          <Lines of={of.gaps} none="" />
        </>
      )}
      <strong>Not looked at</strong> (nothing is claimed about it)
      <Lines of={of.notRead} none="nothing is named" />
    </div>
  );
}

function Counts({ summary }: { readonly summary: TimelineSummary }): VNode {
  const { firstMalicious, lastMalicious } = summary;
  return (
    <p>
      In what was read: {summary.attackerEvents} events of the attacker, {summary.responderEvents} of the responder, {summary.holderEvents}{' '}
      of the rightful holder.{' '}
      {firstMalicious === undefined ? null : (
        <>
          First of the attacker: <Time at={firstMalicious.at} /> <Text of={`${firstMalicious.api} from ${firstMalicious.sourceIp}`} />.{' '}
        </>
      )}
      {lastMalicious === undefined ? null : (
        <>
          Last: <Time at={lastMalicious.at} /> <Text of={`${lastMalicious.api} from ${lastMalicious.sourceIp}`} />.
        </>
      )}
    </p>
  );
}

function Lanes({ record, timeline }: { readonly record: IncidentRecord; readonly timeline: Timeline }): VNode {
  return (
    <>
      {lanesModels(record, timeline.entries).map((model, index) => (
        <Figure picture={lanesPicture(model)}>
          {index === 0 ? 'All events that were read' : 'The same, closer'}: {stamp(new Date(model.told.from).toISOString())} to{' '}
          {stamp(new Date(model.told.to).toISOString())} UTC. Above a line and filled: done. Below it, crossed or hollow: refused or failed.
        </Figure>
      ))}
    </>
  );
}

function Techniques({ timeline }: { readonly timeline: Timeline }): VNode {
  return (
    <Table
      head={['Technique', 'ATT&CK version', 'Done?', 'Calls', 'First proven by event']}
      widths={[12, 12, 14, 36, 26]}
      rows={timeline.attack.map(({ technique, attackVersion, succeeded, events, provedBy }) => [
        <Text of={technique} />,
        <Text of={attackVersion} />,
        succeeded ? 'done' : 'tried, all refused',
        <Text of={events.join(', ')} limit={300} />,
        <Code of={provedBy} limit={60} />,
      ])}
      none="No technique was recognised in what was read."
    />
  );
}

function Callers({ timeline }: { readonly timeline: Timeline }): VNode {
  const { rows, leftOut } = attackerCallers(timeline.entries);
  return (
    <>
      <Table
        head={['Address', 'User agent, chosen by the caller', 'Key', 'Calls', 'First', 'Last']}
        widths={[14, 38, 17, 7, 12, 12]}
        rows={rows.map((row) => [
          <Text of={row.sourceIp} limit={60} />,
          <Text of={row.userAgent} limit={300} />,
          <Code of={row.accessKeyId} limit={40} />,
          row.calls,
          <Time at={row.firstAt} />,
          <Time at={row.lastAt} />,
        ])}
        none="No call of the attacker in what was read."
      />
      {leftOut === 0 ? null : <p class="note">and {leftOut} more, see the CSV</p>}
    </>
  );
}

function Events({ timeline }: { readonly timeline: Timeline }): VNode {
  const { head, leftOut, tail, ownReads } = eventTable(timeline.entries);
  const gap = [[<strong>{leftOut} events are left out here</strong>, 'see the CSV', '', '', '', '', '']];
  return (
    <>
      {ownReads === 0 ? null : <p class="note">{ownReads} calls by which the responder only read are in the CSV, not here.</p>}
      <Table
        head={['At', 'Lane', 'Call', 'Outcome', 'Actor, key', 'From', 'To']}
        widths={[14, 8, 21, 14, 17, 11, 15]}
        rows={[...head.map(eventRow), ...(leftOut === 0 ? [] : gap), ...tail.map(eventRow)]}
        none="No event of attacker or responder in what was read."
      />
    </>
  );
}

function eventRow({ first, lastAt, count, apis, targets }: EventRun): ComponentChildren[] {
  return [
    <>
      <Time at={first.at} />
      {count > 1 ? ` … ${lastAt.slice(11, 19)}` : ''}
    </>,
    first.lane,
    <>
      <Text of={apis.join(', ')} limit={240} />
      {count > 1 ? <strong> ×{count}</strong> : null}
      <div class="note">
        <Text of={first.attack.join(' · ')} limit={80} />{' '}
        <span class="unbroken">
          <Text of={first.region} limit={16} />
        </span>
      </div>
    </>,
    first.outcome === 'ok' ? 'ok' : <Badge tone="wait">{<Text of={first.outcome} limit={60} />}</Badge>,
    <>
      <Text of={shortArn(first.actor)} limit={60} /> <Code of={first.accessKeyId} limit={40} />
    </>,
    <Text of={first.sourceIp} limit={60} />,
    <Text of={targets.map(shortArn).join(' ')} limit={160} />,
  ];
}
