import type { ComponentChildren, VNode } from 'preact';
import type { IncidentRecord } from '../../contracts/record.js';
import type { Timeline } from '../../contracts/timeline.js';
import { lineagePicture } from '../charts/lineage-chart.js';
import { lineageModel } from '../charts/lineage-model.js';
import { fatesOf, type Life } from '../life.js';
import { stamp } from '../shown.js';
import { Code, Figure, Table, Text } from './parts.js';

type Credential = Timeline['credentials'][number];

/** Rows of a table here; the JSON file has all. */
const ROWS = 150;

/** Which credentials and principals came from which, as a picture and in words. */
export function Lineage({ record, timeline }: { readonly record: IncidentRecord; readonly timeline: Timeline | undefined }): VNode {
  if (timeline === undefined) return <p class="none">No timeline file: the lineage cannot be shown.</p>;
  const fates = fatesOf(record, timeline);
  const model = lineageModel(timeline, fates);
  const until = stamp(timeline.completeness.readUntilAt);
  return (
    <>
      {model.rows.length === 0 ? null : (
        <Figure picture={lineagePicture(model)}>
          Thick line: exact, the event names the credential. Dashed: strong. Dotted: weak, a hint only. Round box: credential; square: what
          the intruder made, changed or used. ALIVE: not ended as far as CloudTrail tells until {until} UTC, in doubt alive. Contained: not
          ended, but proven refused.
          {model.leftOut > 0
            ? ` ${model.leftOut} more are not drawn, ${model.leftOutAlive} of them alive: see the table and the file.`
            : ''}
        </Figure>
      )}
      <Table
        head={['Credential', 'Kind', 'Of', 'Comes from', 'Tie', 'Proven by event', 'State']}
        widths={[19, 11, 22, 17, 7, 14, 10]}
        rows={aliveFirst(timeline).map((one) => credentialCells(one, fates.lifeOf(one)))}
        none="No credential descends from this one in what was read."
      />
      <Omitted total={timeline.credentials.length} path={record.timeline?.ref.path ?? ''} />
      <h3>Principals the intruder made, changed or used</h3>
      <Table
        head={['Principal', 'How', 'Proven by event']}
        widths={[56, 18, 26]}
        rows={timeline.principals
          .slice(0, ROWS)
          .map(({ arn, how, provedBy }) => [<Code of={arn} limit={300} />, <Text of={how} />, <Code of={provedBy} limit={60} />])}
        none="None in what was read."
      />
      <Omitted total={timeline.principals.length} path={record.timeline?.ref.path ?? ''} />
    </>
  );
}

/** Things made or changed by the intruder, from the file where there is one, else from the record. */
export function Resources({ record, timeline }: { readonly record: IncidentRecord; readonly timeline: Timeline | undefined }): VNode {
  const rows = timeline?.resources ?? record.timeline?.resources ?? [];
  const total = timeline?.resources.length ?? record.timeline?.resourceCount ?? 0;
  const fates = fatesOf(record, { credentials: timeline?.credentials ?? [] });
  return (
    <>
      <Table
        head={['Resource', 'Type', 'What was done', 'Now', 'Proven by event']}
        widths={[42, 14, 14, 10, 20]}
        rows={rows
          .slice(0, ROWS)
          .map(({ arn, type, action, present, provedBy }) => [
            <Code of={arn} limit={300} />,
            <Text of={type} limit={60} />,
            <Text of={action} limit={80} />,
            fates.isRemoved(arn) ? 'removed by us' : present ? <strong>still there when read</strong> : 'gone',
            <Code of={provedBy} limit={60} />,
          ])}
        none="None in what was read."
      />
      <Omitted total={total} path={record.timeline?.ref.path ?? ''} shown={Math.min(rows.length, ROWS)} />
    </>
  );
}

function credentialCells({ id, kind, principal, parent, strength, provedBy, used }: Credential, life: Life): ComponentChildren[] {
  return [
    <Code of={id} limit={200} />,
    <Text of={kind} />,
    <Text of={principal} limit={200} />,
    parent === null ? <span class="none">seed</span> : <Code of={parent} limit={200} />,
    provedBy === null ? '–' : <Text of={strength} />,
    provedBy === null ? '–' : <Code of={provedBy} limit={60} />,
    <>
      {life === 'ALIVE' ? <strong>ALIVE</strong> : life}
      {used ? ', used' : ', unused'}
    </>,
  ];
}

function Omitted({
  total,
  path,
  shown = Math.min(total, ROWS),
}: {
  readonly total: number;
  readonly path: string;
  readonly shown?: number;
}): VNode | null {
  if (total <= shown) return null;
  return (
    <p class="note">
      {shown} of {total} are shown; all are in <Code of={path} />.
    </p>
  );
}

function aliveFirst({ credentials }: Timeline): Timeline['credentials'] {
  return credentials.toSorted((a, b) => Number(b.alive) - Number(a.alive)).slice(0, ROWS);
}
