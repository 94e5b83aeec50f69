import { SCP_QUOTA, type ScpChange, type ScpEntry, type ScpOutcome, type ScpState } from '../../contracts/quarantine-scp.js';
import { table, text } from './markdown.js';

const MAX_JOURNAL = 50;
const MAX_ENTRIES = 200;

/** A writer that has written nothing yet. */
export function newScpState(policyId: string): ScpState {
  return { policyId, entries: [], characters: 0, unknown: [], writes: 0, journal: [] };
}

/** Takes the outcome of one change into the page. */
export function takeOutcome(state: ScpState, { change, outcome, at }: { change: ScpChange; outcome: ScpOutcome; at: string }): void {
  const { entry } = change;
  const name = nameOf(entry);
  const isHere = (one: { entry: ScpEntry }): boolean => nameOf(one.entry) === name;
  if (outcome.result === 'changed' || outcome.result === 'unchanged') {
    const others = state.entries.filter((one) => !isHere(one));
    const kept = state.entries.find(isHere);
    state.entries = change.do === 'add' ? [...others, kept ?? { entry, since: at }].slice(-MAX_ENTRIES) : others;
  }
  const line = `${change.do} ${name}: ${outcome.result}${outcome.detail === '' ? '' : `, ${outcome.detail}`}`;
  state.journal = [...state.journal, { at, line }].slice(-MAX_JOURNAL);
}

/** What Temporal UI shows. */
export function scpDetails({ policyId, entries, characters, unknown, journal }: ScpState): string {
  return [
    `## Quarantine SCP ${text(policyId)}: ${entries.length} entries, ${characters} of ${SCP_QUOTA} characters`,
    table(
      ['denied', 'incident', 'since'],
      entries.slice(-30).map(({ entry, since }) => [text(nameOf(entry).split(' for ')[0] ?? ''), text(entry.incidentId), since]),
    ),
    unknown.length > 0 ? `Statements that Tourniquet did not write, kept: ${unknown.map((sid) => text(sid || '(no Sid)')).join(', ')}` : '',
    table(
      ['when', 'what'],
      journal.slice(-10).map(({ at, line }) => [at, text(line)]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function nameOf({ subject, incidentId }: ScpEntry): string {
  const who = 'arn' in subject ? subject.arn : 'userId' in subject ? subject.userId : subject.account;
  return `${subject.kind} ${who} for ${incidentId}`;
}
