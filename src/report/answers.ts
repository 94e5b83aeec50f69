import type { ContainmentRecord, IncidentRecord } from '../contracts/record.js';
import { REFUSED } from '../domain/record/record.js';
import { durationText } from './durations.js';
import { shortArn, shown, stamp } from './shown.js';

/** good = nothing to do; wait = under way; bad = somebody must look. */
export type Tone = 'good' | 'wait' | 'bad';

/** One of the three things a tired reader must see first. */
export interface Answer {
  readonly question: string;
  readonly tone: Tone;
  readonly value: string;
  readonly details: readonly string[];
}

type Step = IncidentRecord['steps'][number];

/** Is it contained and proven, who must act, which clock burns: as of the moment the record was written. */
export function answersOf(record: IncidentRecord): [Answer, Answer, Answer] {
  return [containedAnswer(record), mustActAnswer(record), clockAnswer(record)];
}

/** Containments that have a part in the story: one that was let go before it wrote anything has none. */
export function writtenContainments({ containments }: Pick<IncidentRecord, 'containments'>): ContainmentRecord[] {
  return containments.filter(({ state, appliedAt }) => state !== 'released' || appliedAt !== undefined);
}

/** Live principals of the timeline that are neither contained nor removed. */
export function uncontained({ timeline, containments, eradicated }: IncidentRecord): string[] {
  const handled = new Set([...containments.map(({ principalArn }) => principalArn), ...eradicated.map(({ target }) => target)]);
  return (timeline?.live ?? []).map(({ arn }) => arn).filter((arn) => !handled.has(arn));
}

function containedAnswer(record: IncidentRecord): Answer {
  const question = 'Contained and proven?';
  const written = writtenContainments(record);
  const live = uncontained(record).map((arn) => `NOT IN SCOPE and able to act: ${shown(shortArn(arn), 120)}`);
  if (written.length === 0) return { question, ...nothingContained(record), details: [...nothingContained(record).details, ...live] };
  const unproven = written.filter(({ provenAt }) => provenAt === undefined);
  const refused = written.flatMap(({ limits }) => limits.filter((limit) => limit.startsWith(REFUSED)));
  const details = [
    ...[...unproven, ...written.filter((one) => !unproven.includes(one))].slice(0, 5).map(standing),
    ...more(written.length - 5, 'principal'),
    ...refused.slice(0, 3).map((limit) => shown(limit, 160)),
    ...live,
  ];
  if (unproven.length > 0) {
    const gone = unproven.every(({ state }) => state === 'released');
    const value = gone ? 'Released, never proven' : `NO: ${unproven.length} of ${written.length} NOT PROVEN`;
    return { question, tone: gone && record.result?.outcome === 'benign' ? 'good' : 'bad', value, details };
  }
  const whole = refused.length === 0 && live.length === 0;
  return { question, tone: whole ? 'good' : 'bad', value: whole ? 'Yes, proven' : 'Proven, but not all is done', details };
}

function nothingContained({ result, verdict }: IncidentRecord): Omit<Answer, 'question'> {
  const needless = result?.outcome === 'benign' || result?.outcome === 'joined';
  const why =
    result === undefined ? `verdict ${verdict?.verdict ?? 'not given yet'}` : `closed as ${result.outcome}: ${shown(result.reason, 200)}`;
  return { tone: needless ? 'good' : 'bad', value: 'Nothing was contained', details: [why] };
}

function standing({ principalArn, state, effectiveFromAt, provenAt }: ContainmentRecord): string {
  const who = shown(shortArn(principalArn), 120);
  return provenAt === undefined
    ? `${who}: ${shown(state, 40)}, not proven`
    : `${who}: effective from ${stamp(effectiveFromAt)} UTC, proven ${stamp(provenAt)} UTC, now ${shown(state, 40)}`;
}

function mustActAnswer({ tasks, result, steps }: IncidentRecord): Answer {
  const question = 'Who must act?';
  const open = tasks.filter(({ closedAt }) => closedAt === undefined);
  if (open.length > 0) {
    const owners = [...new Set(open.map(({ owner }) => shown(owner, 60)))].join(', ');
    const details = open.slice(0, 4).map((task) => `${shown(`${task.taskId} ${task.title}`, 160)} (since ${stamp(task.openedAt)} UTC)`);
    return { question, tone: 'bad', value: owners, details: [...details, ...more(open.length - details.length, 'open task')] };
  }
  if (result !== undefined)
    return {
      question,
      tone: 'good',
      value: 'Nobody',
      details: [`closed ${stamp(result.closedAt)} UTC as ${result.outcome}: ${shown(result.reason, 200)}`],
    };
  const running = steps.filter(({ status }) => status === 'running').map(({ title }) => shown(title, 80));
  const details = [running.length === 0 ? 'no step is running' : `Tourniquet is at work: ${running.join(', ')}`];
  return { question, tone: 'wait', value: 'Nobody', details };
}

function clockAnswer({ steps, result, recordedAt }: IncidentRecord): Answer {
  const question = 'Which clock burns?';
  const breached = steps.filter(({ breachedAt }) => breachedAt !== undefined);
  const pending = result === undefined ? steps.filter(isPending) : [];
  const burning = pending.filter(({ breachedAt }) => breachedAt !== undefined);
  if (burning.length > 0) {
    const details = burning.map((step) => `${naming(step)}: ${durationText(untilDue(step, recordedAt) * -1)} past due`);
    return { question, tone: 'bad', value: `${burning.length} BREACHED`, details };
  }
  const late = breached.map((step) => `${naming(step)}: breached ${stamp(step.breachedAt)} UTC`);
  // Past its due time and not breached: somebody paused it.
  const paused = pending.filter((step) => untilDue(step, recordedAt) < 0).map((step) => `${naming(step)}: paused past its due time`);
  const [next] = pending
    .filter((step) => untilDue(step, recordedAt) >= 0)
    .toSorted((a, b) => untilDue(a, recordedAt) - untilDue(b, recordedAt));
  if (next !== undefined) {
    const due = `${naming(next)}: due ${stamp(next.dueAt)} UTC`;
    return { question, tone: 'wait', value: `Next in ${durationText(untilDue(next, recordedAt))}`, details: [due, ...paused, ...late] };
  }
  const value = breached.length === 0 ? 'None, none was breached' : `None now, ${breached.length} breached`;
  return { question, tone: breached.length + paused.length === 0 ? 'good' : 'wait', value, details: [...paused, ...late] };
}

function isPending({ endedAt, dueAt, status }: Step): boolean {
  return dueAt !== undefined && endedAt === undefined && status !== 'skipped' && status !== 'notNeeded';
}

function untilDue({ dueAt }: Step, nowAt: string): number {
  return (Date.parse(dueAt ?? nowAt) - Date.parse(nowAt)) / 1000;
}

function naming({ title, owner }: Step): string {
  return `${shown(title, 80)} (${shown(owner, 60)})`;
}

function more(count: number, what: string): string[] {
  return count > 0 ? [`and ${count} more ${what}${count === 1 ? '' : 's'}`] : [];
}
