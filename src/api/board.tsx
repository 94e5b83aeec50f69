import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { IncidentListRow } from '../contracts/api.js';
import { countdown } from '../incidents/durations.js';
import { Page } from '../report/html/page.js';
import { Badge, Code, Table, Text, Time } from '../report/html/parts.js';

/** Seconds until the browser asks again. */
export const BOARD_REFRESH_SECONDS = 15;

const HEAD = ['Incident', 'Severity', 'Phase', 'Clock', 'Waits for', 'Owner', 'Containment', 'Next deadline'];
const WIDTHS = [17, 8, 9, 10, 18, 12, 12, 14];

/**
 * The open incidents on one page, the most urgent first. Without script; it asks again by itself. Everything in it is escaped by
 * construction.
 */
export function renderBoard(rows: readonly IncidentListRow[], now: Date): string {
  const breached = rows.filter(({ clock }) => clock.startsWith('1')).length;
  const page = (
    <Page title={`${rows.length} open incidents`}>
      <h1>Open incidents</h1>
      <p class="summary">
        {rows.length} open, {breached} with a breached clock. As of <Time at={now.toISOString()} /> UTC; asked again every{' '}
        {BOARD_REFRESH_SECONDS} s.
      </p>
      <Table head={HEAD} widths={WIDTHS} rows={rows.map((row) => cellsOf(row, now))} none="No open incidents." />
    </Page>
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

function cellsOf(row: IncidentListRow, now: Date): VNode[] {
  return [
    <Code of={row.incidentId} limit={80} />,
    <Text of={row.severity} />,
    <Text of={row.phase} />,
    <Clock of={row.clock} />,
    <Text of={row.waitingFor} limit={200} />,
    <Text of={row.owner} limit={100} />,
    <Text of={row.containment} limit={100} />,
    <Deadline at={row.nextDeadline} now={now} />,
  ];
}

/** `1-breached` sorts; people read the word. */
function Clock({ of }: { readonly of: string }): VNode {
  const word = of.replace(/^\d-/, '');
  const tone = of.startsWith('1') ? 'bad' : of.startsWith('2') || of.startsWith('4') ? 'wait' : 'good';
  return word === '' ? <span class="none">–</span> : <Badge tone={tone}>{word}</Badge>;
}

function Deadline({ at, now }: { readonly at: string | null; readonly now: Date }): VNode {
  if (at === null) return <span class="none">–</span>;
  return (
    <span>
      <strong>{countdown(new Date(at), now)}</strong> <Time at={at} />
    </span>
  );
}
