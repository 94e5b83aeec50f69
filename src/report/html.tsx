import { renderToString } from 'preact-render-to-string';
import type { IncidentRecord } from '../contracts/record.js';
import type { Timeline } from '../contracts/timeline.js';
import { Eradicated, Evidence, Issued, Journal, Tasks } from './html/aftermath.js';
import { Containments } from './html/containment.js';
import { Headline, VerdictAndAlerts } from './html/headline.js';
import { Lineage, Resources } from './html/lineage.js';
import { Page } from './html/page.js';
import { Code, Section, Text } from './html/parts.js';
import { TimelineParts } from './html/timeline.js';
import { Clocks, Metrics, Moments } from './html/times.js';
import { shown } from './shown.js';

/**
 * The report as one HTML file without script, links or requests: it opens from a folder, a ticket or a mail, and prints.
 * Everything in it is escaped by construction. The same record gives the same bytes.
 */
export function renderHtml(record: IncidentRecord, timeline: Timeline | undefined): string {
  const { playbook } = record;
  const page = (
    <Page title={`${shown(record.incidentId)} · ${shown(record.summary, 120)}`}>
      <Headline record={record} />
      <Section title="Containment">
        <Containments record={record} />
      </Section>
      <Section title="Steps and clocks">
        <Clocks record={record} />
      </Section>
      <Section title="Metrics">
        <Metrics record={record} />
      </Section>
      <Section title="Moments">
        <Moments record={record} />
      </Section>
      <Section title="Verdict and alerts">
        <VerdictAndAlerts record={record} />
      </Section>
      <Section title="Timeline">
        <TimelineParts record={record} timeline={timeline} />
      </Section>
      <Section title="Lineage">
        <Lineage record={record} timeline={timeline} />
      </Section>
      <Section title="Resources touched">
        <Resources record={record} timeline={timeline} />
      </Section>
      <Section title="Removed">
        <Eradicated record={record} />
      </Section>
      <Section title="Issued">
        <Issued record={record} />
      </Section>
      <Section title="Evidence">
        <Evidence record={record} />
      </Section>
      <Section title="Tasks and who answered">
        <Tasks record={record} />
      </Section>
      <Section title="Journal">
        <Journal record={record} />
      </Section>
      <footer>
        Recorded at {record.recordedAt}. Playbook <Text of={`${playbook.id} version ${playbook.version}, ${playbook.title}`} /> (SHA-256{' '}
        <Code of={playbook.sha256} />
        ), waits <Text of={playbook.waits} />. Format {record.format}.
      </footer>
    </Page>
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}
