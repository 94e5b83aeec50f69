import type { VNode } from 'preact';
import type { IncidentRecord } from '../../contracts/record.js';
import { Badge, Code, Lines, Table, Text, Time } from './parts.js';

interface Props {
  readonly record: IncidentRecord;
}

/** Sealed collections, and what could not be collected. */
export function Evidence({ record }: Props): VNode {
  return (
    <Table
      head={['Collection', 'Collected', 'Absent, and why', 'Manifest and its SHA-256']}
      widths={[10, 24, 32, 34]}
      rows={record.evidence.map(({ collectionId, collected, absent, manifest }) => [
        <Text of={collectionId} />,
        <Lines of={collected} none="nothing" />,
        <Lines of={absent} none="nothing" />,
        <>
          <Code of={manifest.path} />
          <br />
          <Code of={manifest.sha256} />
        </>,
      ])}
      none="No evidence was sealed."
    />
  );
}

/** What was removed from the account. */
export function Eradicated({ record }: Props): VNode {
  return (
    <Table
      head={['At', 'Action', 'Target', 'Outcome', 'State before, in evidence']}
      widths={[14, 14, 38, 12, 22]}
      rows={record.eradicated.map(({ at, action, target, outcome, before }) => [
        <Time at={at} />,
        action,
        <Code of={target} />,
        outcome,
        before === undefined ? <span class="none">none</span> : <Code of={before.path} />,
      ])}
      none="Nothing was removed."
    />
  );
}

/** New credentials; the secrets are where they belong and not here. */
export function Issued({ record }: Props): VNode {
  return (
    <Table
      head={['At', 'For', 'New key', 'Secret is in', 'Seen to work by']}
      widths={[14, 24, 14, 26, 22]}
      rows={record.issued.map(({ issuedAt, principalArn, accessKeyId, secretArn, verifiedBy }) => [
        <Time at={issuedAt} />,
        <Code of={principalArn} />,
        <Code of={accessKeyId} />,
        <Code of={secretArn} />,
        <Text of={verifiedBy} />,
      ])}
      none="Nothing was issued."
    />
  );
}

/** Every task, who answered what and why. */
export function Tasks({ record }: Props): VNode {
  return (
    <Table
      head={['Task', 'Owner', 'Opened', 'Closed', 'Answers', 'Outcome']}
      widths={[26, 13, 11, 11, 25, 14]}
      rows={record.tasks.map((task) => [
        <Text of={`${task.taskId} ${task.title}`} />,
        <Text of={task.owner} />,
        <Time at={task.openedAt} />,
        task.closedAt === undefined ? <Badge tone="bad">OPEN</Badge> : <Time at={task.closedAt} />,
        <Lines of={task.answers.map(answerText)} none="nobody answered" />,
        <Text of={task.outcome ?? ''} limit={200} />,
      ])}
      none="No task was opened: no person was asked."
    />
  );
}

/** The journal, whole. */
export function Journal({ record }: Props): VNode {
  return (
    <Table
      head={['At', 'Who', 'What']}
      widths={[14, 18, 68]}
      rows={record.journal.map(({ at, who, text }) => [<Time at={at} />, <Text of={who} limit={80} />, <Text of={text} />])}
      none="The journal is empty."
    />
  );
}

function answerText({ subject, choice, reason, at }: IncidentRecord['tasks'][number]['answers'][number]): string {
  return `${at.slice(11, 19)} ${subject}: ${choice}${reason === '' ? '' : `, ${reason}`}`;
}
